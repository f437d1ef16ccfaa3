// A bar for each series.
import { grid } from './colors.mjs';
import { fieldsOf, lastOf } from './fields.mjs';
import { escape } from './format.mjs';
import { shown } from './stat.mjs';

export function drawBars(answer, context, width, height) {
  const { defaults } = answer.panel.fieldConfig;
  const fields = fieldsOf(answer);
  const most = defaults.max ?? Math.max(...fields.map((field) => lastOf(field) ?? 0));
  const row = Math.min(30, Math.floor(height / fields.length));
  const left = Math.min(width * 0.45, 8 + 6.6 * Math.max(...fields.map(({ name }) => name.length)));
  const room = width - left - 60;
  const rows = fields.map((field, index) => {
    const value = lastOf(field) ?? 0;
    const { text, color } = shown(value, defaults);
    const [y, tall] = [index * row + 2, row - 4];
    const middle = y + tall / 2 + 4;
    return `<text x="${left - 8}" y="${middle}" text-anchor="end" class="name">${escape(field.name)}</text>
      <rect x="${left}" y="${y}" width="${room}" height="${tall}" fill="${grid}"/>
      <rect x="${left}" y="${y}" width="${most > 0 ? room * value / most : 0}" height="${tall}" fill="${color}" fill-opacity="0.75"/>
      <text x="${left + room + 8}" y="${middle}" style="fill:${color}">${escape(text)}</text>`;
  });
  return `<svg width="${width}" height="${height}">${rows.join('')}</svg>`;
}
