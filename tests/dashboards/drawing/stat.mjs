// One figure for each series, and its course behind it.
import { byThreshold, faint, mapped } from './colors.mjs';
import { fieldsOf, lastOf } from './fields.mjs';
import { escape, format } from './format.mjs';
import { linear } from './scale.mjs';

/// {text, color} of a value after the panel's words, thresholds and unit.
export function shown(value, { mappings, thresholds, unit, decimals }) {
  const words = mapped(value, mappings);
  return { text: words?.text ?? format(value, unit, decimals), color: words?.color ?? byThreshold(value, thresholds) };
}

function course({ points }, { start, end }, color, width, height) {
  const known = points.filter(([, value]) => Number.isFinite(value));
  if (known.length < 2) return '';
  const values = known.map(([, value]) => value);
  const x = linear(start, end, 0, width);
  const y = linear(Math.min(0, ...values), Math.max(...values), height, 4);
  const line = known.map(([time, value]) => `${x(time).toFixed(1)} ${y(value).toFixed(1)}`).join('L');
  return `<svg class="course" width="${width}" height="${height}">
    <path d="M${line}L${x(known.at(-1)[0])} ${height}L${x(known[0][0])} ${height}Z" fill="${color}" fill-opacity="0.15"/>
    <path d="M${line}" fill="none" stroke="${color}" stroke-width="1.5"/></svg>`;
}

export function drawStat(answer, { times }, width, height) {
  const { defaults } = answer.panel.fieldConfig;
  const fields = fieldsOf(answer).filter((field) => lastOf(field) !== undefined);
  if (!fields.length) return `<div class="stat"><b style="color:${faint}">${escape(defaults.noValue ?? 'No data')}</b></div>`;
  const part = Math.floor(width / fields.length);
  const cells = fields.map((field) => {
    const { text, color } = shown(lastOf(field), defaults);
    const size = Math.min(height * 0.42, (part - 12) / text.length * 1.65, 34);
    const name = fields.length > 1 ? `<span>${escape(field.name)}</span>` : '';
    const behind = answer.panel.options.graphMode === 'area' ? course(field, times, color, part, Math.floor(height * 0.4)) : '';
    return `<div class="stat" style="width:${part}px">${behind}${name}<b style="color:${color};font-size:${size}px">${escape(text)}</b></div>`;
  });
  return `<div class="beside">${cells.join('')}</div>`;
}
