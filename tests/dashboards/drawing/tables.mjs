// Tables: the transformations `merge` and `organize` on what the queries answered, and the rows that come of them.
import { faint } from './colors.mjs';
import { overridesOf } from './fields.mjs';
import { escape } from './format.mjs';
import { shown } from './stat.mjs';

/// A frame for each query that answered: rows of {column: cell}, columns in order.
function frames({ targets }) {
  return targets.map(({ target, series }) => {
    const value = targets.length === 1 ? 'Value' : `Value #${target.refId}`;
    const rows = series.map(({ labels, points: [[time, number]] }) => ({ Time: time, ...labels, [value]: number }));
    return { rows, columns: [...new Set(rows.flatMap(Object.keys))] };
  }).filter(({ rows }) => rows.length);
}

/// Rows of several frames are one where all columns that they share are equal.
function merge(all) {
  const columns = [...new Set(all.flatMap((frame) => frame.columns))];
  const shared = columns.filter((column) => all.every((frame) => frame.columns.includes(column)));
  const rows = new Map();
  for (const row of all.flatMap((frame) => frame.rows)) {
    const key = JSON.stringify([shared.map((column) => row[column]), all.length === 1 && rows.size]);
    rows.set(key, { ...rows.get(key), ...row });
  }
  return { columns, rows: [...rows.values()] };
}

function organize({ columns, rows }, { excludeByName, indexByName, renameByName }) {
  const kept = columns.filter((column) => !excludeByName[column])
    .sort((a, b) => (indexByName[a] ?? Infinity) - (indexByName[b] ?? Infinity) || columns.indexOf(a) - columns.indexOf(b));
  return { columns: kept.map((column) => renameByName[column] ?? column), rows: rows.map((row) => kept.map((column) => row[column])) };
}

/// {columns: [name...], rows: [[cell...]...]} as the panel shows them.
export function tableOf(answer) {
  return answer.panel.transformations.reduce((data, { id, options }) => {
    if (id === 'merge') return merge(data);
    if (id === 'organize') return organize(data, options);
    throw new Error(`the transformation ${id} is not drawn: add it to drawing/tables.mjs`);
  }, frames(answer));
}

function cell(value, panel, column) {
  if (typeof value !== 'number') return `<td>${escape(value ?? '')}</td>`;
  const { defaults } = panel.fieldConfig;
  const own = overridesOf(panel, column);
  const look = { ...defaults, mappings: own.mappings ?? defaults.mappings, unit: own.unit ?? defaults.unit,
    thresholds: own.thresholds ?? { steps: [{ value: null, color: 'blue' }] } };
  const { text, color } = shown(value, look);
  return `<td class="number"${own['custom.cellOptions'] ? ` style="color:${color}"` : ''}>${escape(text)}</td>`;
}

export function drawTable(answer, context, width, height) {
  const { panel } = answer;
  const { columns, rows } = tableOf(answer);
  if (!rows.length) return `<div class="stat"><b style="color:${faint};font-size:16px">${escape(panel.fieldConfig.defaults.noValue ?? 'No data')}</b></div>`;
  const room = Math.floor(height / 24) - 1;
  const heads = columns.map((column, index) => {
    const numbers = rows.some((row) => typeof row[index] === 'number');
    return `<th${numbers ? ' class="number"' : ''}>${escape(column)}</th>`;
  });
  const body = rows.slice(0, room).map((row) => `<tr>${row.map((value, index) => cell(value, panel, columns[index])).join('')}</tr>`);
  return `<table class="cells"><tr>${heads.join('')}</tr>${body.join('')}</table>`;
}
