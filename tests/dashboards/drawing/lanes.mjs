// States over time: a lane for each series, a piece for each time that its value stays.
import { fieldsOf } from './fields.mjs';
import { escape } from './format.mjs';
import { linear, timeTicks } from './scale.mjs';
import { shown } from './stat.mjs';

/// [[value, from, to], ...]; a gap of more than a step and a half is one.
function stays(points, step) {
  const result = [];
  for (const [time, value] of points) {
    if (Number.isNaN(value)) continue;
    const last = result.at(-1);
    const follows = last && time - last[2] <= step / 2;
    if (follows && last[0] === value) last[2] = time + step;
    else result.push([value, time, time + step]);
  }
  return result;
}

export function drawLanes(answer, { times }, width, height) {
  const { defaults } = answer.panel.fieldConfig;
  const fields = fieldsOf(answer);
  const left = Math.min(width * 0.4, 12 + 6.4 * Math.max(...fields.map(({ name }) => name.length)));
  const bottom = height - 20;
  const row = Math.min(46, bottom / fields.length);
  const x = linear(times.start, times.end, left, width - 8);
  const lanes = fields.map((field, index) => {
    const [y, tall] = [index * row + row * 0.1, row * 0.8];
    const pieces = stays(field.points, times.step).map(([value, from, to]) => {
      const { text, color } = shown(value, defaults);
      const [a, b] = [x(from), Math.min(x(to), width - 8)];
      const word = b - a > 8 + 7 * text.length ? `<text x="${a + 5}" y="${y + tall / 2 + 4}" class="inside">${escape(text)}</text>` : '';
      return `<rect x="${a}" y="${y}" width="${Math.max(1, b - a)}" height="${tall}" fill="${color}" fill-opacity="0.8"/>${word}`;
    });
    return `<text x="${left - 8}" y="${y + tall / 2 + 4}" text-anchor="end" class="name">${escape(field.name)}</text>${pieces.join('')}`;
  });
  const labels = timeTicks(times.start, times.end, Math.max(2, Math.floor((width - left) / 68)))
    .filter(([time]) => x(time) < width - 24).map(([time, label]) => `<text x="${x(time)}" y="${height - 3}" text-anchor="middle">${label}</text>`);
  return `<svg width="${width}" height="${height}">${lanes.join('')}${labels.join('')}</svg>`;
}
