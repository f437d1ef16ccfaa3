// Whether what Prometheus answered to a board's queries is what its panels can show.
import { tableOf } from './drawing/tables.mjs';

const labelsIn = (legend) => [...(legend ?? '').matchAll(/\{\{ *(\w+) *\}\}/g)].map(([, label]) => label);

/// What is wrong with one target's answer.
function* ofTarget({ panel }, { target, query, series, error }) {
  if (error) yield `${error}: ${query}`;
  else if (!series.length) yield `has no series: ${query}`;
  else if (!series.some(({ points }) => points.some(([, value]) => Number.isFinite(value)))) yield `has no finite value: ${query}`;
  for (const label of labelsIn(target.legendFormat)) {
    if (series.some(({ labels }) => !labels[label])) yield `shows {{${label}}}, which some series do not have: ${query}`;
  }
  const names = series.map(({ name }) => name);
  if (panel.type !== 'table' && new Set(names).size < names.length) yield `has several series of one name: ${query}`;
}

/// A table has the columns that its panel names, each with something in it.
function* ofTable(answer) {
  const { columns, rows } = tableOf(answer);
  const [{ options }] = answer.panel.transformations.filter(({ id }) => id === 'organize');
  for (const name of Object.values(options.renameByName)) {
    const at = columns.indexOf(name);
    if (at < 0) yield `has no column ${name}`;
    else if (rows.every((row) => row[at] === undefined)) yield `has nothing in column ${name}`;
  }
}

/// ["panel: what is wrong"] of what answersFor gave. `empty` are {panel: why it may be empty}.
export function problems({ panels, choice }, empty = {}) {
  const found = Object.entries(choice.known).filter(([, { values }]) => !values.length)
    .map(([name, { query }]) => `variable ${name}: has no values: ${query}`);
  for (const answer of panels) {
    const { title, type } = answer.panel;
    const none = answer.targets.every(({ series, error }) => !series.length && !error);
    if (none && empty[title]) continue;
    const wrong = answer.targets.flatMap((each) => [...ofTarget(answer, each)]);
    found.push(...[...wrong, ...type === 'table' && !none ? ofTable(answer) : []].map((text) => `${title}: ${text}`));
  }
  return found;
}
