// Time series: lines, or areas that pile up, over an axis of time, with a legend.
import { color, grid } from './colors.mjs';
import { fieldsOf, lastOf, maxOf } from './fields.mjs';
import { escape, format } from './format.mjs';
import { linear, ticks, timeTicks } from './scale.mjs';

const rowHeight = 16;

/// Each series on top of those before it: [{field, tops: Map(time -> [bottom, top])}].
function piled(fields) {
  const heights = new Map();
  return fields.map((field) => {
    const points = field.points.map(([time, value]) => {
      const bottom = heights.get(time) ?? 0;
      const top = bottom + (Number.isFinite(value) ? value : 0);
      heights.set(time, top);
      return [time, top, bottom];
    });
    return { ...field, points };
  });
}

/// Pieces of a line between gaps: a missing step or a value that is no finite number.
function pieces(points, step) {
  const result = [];
  let before;
  for (const point of points) {
    if (!Number.isFinite(point[1])) { before = undefined; continue; }
    if (before === undefined || point[0] - before > 1.5 * step) result.push([]);
    result.at(-1).push(point);
    before = point[0];
  }
  return result;
}

function drawn(field, x, y, step, zero) {
  const at = ([time, value]) => `${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
  return pieces(field.points, step).map((points) => {
    const line = `M${points.map(at).join('L')}`;
    const back = points.map(([time, , bottom]) => at([time, bottom ?? zero])).reverse().join('L');
    const area = field.fill && points.length > 1 ? `<path d="${line}L${back}Z" fill="${field.color}" fill-opacity="${field.fill / 100}"/>` : '';
    return `${area}<path d="${line}" fill="none" stroke="${field.color}" stroke-width="${field.width}"
      stroke-linecap="round" stroke-dasharray="${field.dash.join(' ')}"/>`;
  }).join('');
}

function events(annotations, x, bottom, { start, end }) {
  return annotations.flatMap(({ color: name, events: all }) => all
    .filter(([from, to]) => to >= start && from <= end).map(([from, to]) => {
      const [a, b] = [x(Math.max(from, start)), x(Math.min(to, end))];
      return `<rect x="${a}" y="4" width="${b - a}" height="${bottom - 4}" fill="${color(name)}" fill-opacity="0.15"/>
        <path d="M${a} 4V${bottom}" stroke="${color(name)}" stroke-dasharray="3 3"/>
        <path d="M${a - 4} ${bottom + 5}h8l-4 -5z" fill="${color(name)}"/>`;
    })).join('');
}

function chart(panel, fields, { times, annotations }, width, height) {
  const { unit, min, max, custom, thresholds } = panel.fieldConfig.defaults;
  const shown = custom.stacking?.mode === 'normal' ? piled(fields) : fields;
  const values = shown.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const least = Math.min(min ?? Infinity, ...values, values.length ? Infinity : 0);
  const most = max ?? (Math.max(...values, least) * 1.05 || 1);
  const labels = ticks(least, most, Math.max(2, Math.floor(height / 38)), unit).map((value) => [value, format(value, unit)]);
  const left = 10 + 6.2 * Math.max(...labels.map(([, label]) => label.length));
  const bottom = height - 18;
  const x = linear(times.start, times.end, left, width - 8);
  const y = linear(least, most, bottom, 8);
  const rows = labels.map(([value, label]) => `<path d="M${left} ${y(value)}H${width - 8}" stroke="${grid}"/>
    <text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${escape(label)}</text>`);
  const columns = timeTicks(times.start, times.end, Math.max(2, Math.floor(width / 68))).filter(([time]) => x(time) < width - 24).map(([time, label]) =>
    `<path d="M${x(time)} 8V${bottom}" stroke="${grid}"/><text x="${x(time)}" y="${height - 3}" text-anchor="middle">${label}</text>`);
  const limits = custom.thresholdsStyle?.mode === 'dashed' ? thresholds.steps.filter(({ value }) => value !== null && value <= most)
    .map((step) => `<path d="M${left} ${y(step.value)}H${width - 8}" stroke="${color(step.color)}" stroke-dasharray="10 6"/>`) : [];
  return `<svg width="${width}" height="${height}">${rows.join('')}${columns.join('')}${limits.join('')}
    ${shown.map((field) => drawn(field, x, y, times.step, least)).join('')}${events(annotations, x, bottom, times)}</svg>`;
}

function legend(fields, unit, width, rows) {
  const cell = (value) => `<td class="number">${value === undefined ? '' : escape(format(value, unit))}</td>`;
  const shown = fields.length > rows ? fields.slice(0, rows - 1) : fields;
  const body = shown.map((field) => `<tr><td class="name"><i style="background:${field.color}"></i>${escape(field.name)}</td>
    ${cell(lastOf(field))}${cell(maxOf(field))}</tr>`).join('');
  const more = shown.length < fields.length ? `<tr><td class="name">${fields.length - shown.length} more</td></tr>` : '';
  return `<table class="legend" style="width:${width}px"><tr><th></th><th>Last</th><th>Max</th></tr>${body}${more}</table>`;
}

export function drawLines(answer, context, width, height) {
  const { panel } = answer;
  const fields = fieldsOf(answer);
  const { unit } = panel.fieldConfig.defaults;
  if (panel.options.legend.placement === 'right') {
    const side = Math.floor(Math.max(240, width * 0.4));
    return `<div class="beside">${chart(panel, fields, context, width - side, height)}
      ${legend(fields, unit, side, Math.floor(height / rowHeight) - 1)}</div>`;
  }
  const rows = Math.min(fields.length, Math.max(2, Math.floor(height * 0.52 / rowHeight) - 1));
  const chartHeight = height - (rows + 1) * rowHeight;
  return chart(panel, fields, context, width, chartHeight) + legend(fields, unit, width, rows);
}
