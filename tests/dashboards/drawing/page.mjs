// A board as a page: its heading, its choice, its rows and panels in their places.
import { drawBars } from './bars.mjs';
import { color, faint, pageColor, panelColor, text } from './colors.mjs';
import { escape } from './format.mjs';
import { drawLanes } from './lanes.mjs';
import { drawLines } from './lines.mjs';
import { clock } from './scale.mjs';
import { drawStat } from './stat.mjs';
import { drawTable } from './tables.mjs';

const kinds = { bargauge: drawBars, stat: drawStat, 'state-timeline': drawLanes, table: drawTable, timeseries: drawLines };

export const width = 1280;
const [column, cell, gap, head] = [(width - 8) / 24, 36, 8, 64];

const style = `
* { box-sizing: border-box; }
body { margin: 0; background: ${pageColor}; color: ${text}; font: 12px "DejaVu Sans", sans-serif; width: ${width}px; overflow: hidden; }
body > * { position: absolute; overflow: hidden; white-space: nowrap; }
h1 { margin: 0; left: 12px; top: 10px; font-size: 17px; }
.choice { left: 12px; top: 38px; color: ${faint}; } .choice b { color: ${text}; font-weight: normal; margin-right: 14px; }
.row { font-weight: bold; font-size: 13px; padding: 9px 4px; }
.panel { background: ${panelColor}; border: 1px solid #25282d; border-radius: 2px; }
.panel > h2 { margin: 0; padding: 6px 8px 0; font-size: 12px; height: 24px; }
.panel > div { position: absolute; left: 8px; top: 26px; }
svg { display: block; } svg text { font-size: 10.5px; fill: ${faint}; } svg text.name { fill: ${text}; } svg text.inside { fill: #111; }
.beside { display: flex; height: 100%; align-items: flex-start; } .beside > svg { flex: none; }
table { border-collapse: collapse; } .legend { table-layout: fixed; font-size: 10.5px; flex: none; } .legend tr { height: 16px; }
.legend th { color: ${faint}; font-weight: normal; text-align: right; } .legend th + th { width: 66px; }
td, th { padding: 0 4px; overflow: hidden; } .number { text-align: right; }
.legend i { display: inline-block; width: 12px; height: 4px; margin-right: 6px; vertical-align: middle; border-radius: 2px; }
.cells { font-size: 11px; width: 100%; } .cells tr { height: 24px; } .cells th { color: ${faint}; } .cells th:not(.number) { text-align: left; } .cells td, .cells th { padding: 0 4px 0 2px; border-bottom: 1px solid #25282d; }
.stat { position: relative; flex: none; height: 100%; display: flex; flex-direction: column; align-items: center; justify-content: center; font-size: 11px; color: ${faint}; }
.stat b { font-size: 20px; font-weight: normal; z-index: 1; } .course { position: absolute; bottom: 0; left: 0; }
.wrong { color: ${color('red')}; white-space: normal; }
`;

const place = ({ x, y, w, h }) => `left:${8 + x * column}px;top:${head + y * cell}px;width:${w * column - gap}px;height:${h * cell - gap}px`;

function panel(answer, context) {
  const { title, gridPos, type } = answer.panel;
  const [inside, tall] = [Math.floor(gridPos.w * column - gap - 18), Math.floor(gridPos.h * cell - gap - 32)];
  const wrong = answer.targets.find(({ error }) => error);
  const empty = !answer.targets.some(({ series }) => series.length) && type !== 'stat' && type !== 'table';
  const content = wrong ? `<p class="wrong">${escape(wrong.error)}</p>`
    : empty ? `<div class="stat"><b style="color:${faint};font-size:16px">No data</b></div>` : kinds[type](answer, context, inside, tall);
  return `<div class="panel" style="${place(gridPos)}"><h2>${escape(title)}</h2><div style="width:${inside}px;height:${tall}px">${content}</div></div>`;
}

/// {html, height} of a board and what `answersFor` gave for it.
export function page(board, { choice, times, panels, annotations }) {
  const rows = board.panels.filter(({ type }) => type === 'row')
    .map(({ title, gridPos }) => `<div class="row" style="${place(gridPos)};height:${cell}px">${escape(title)}</div>`);
  const words = choice.words().map(([label, value]) => `${escape(label)}: <b>${escape(value)}</b>`).join('');
  const height = head + 8 + cell * Math.max(...board.panels.map(({ gridPos: { y, h } }) => y + h));
  const html = `<!DOCTYPE html><meta charset="utf-8"><title>${escape(board.title)}</title><style>${style}</style>
    <body style="height:${height}px"><h1>${escape(board.title)}</h1>
    <div class="choice">${words}${clock(times.start)} to ${clock(times.end)} UTC</div>
    ${rows.join('')}${panels.map((answer) => panel(answer, { times, annotations })).join('')}</body>`;
  return { html, height };
}
