// A board's variables, and their replacement in queries, after the rules of Grafana's Prometheus data source.

const asRegex = (value) => value.replace(/[\\^$*+?.()|[\]{}]/g, '\\\\$&');

/// What a value, several or all become within =~"...".
function matching(variable, values, chosen) {
  if (chosen === undefined && variable.allValue) return variable.allValue;
  const all = (chosen ?? values).map(asRegex);
  return all.length === 1 ? all[0] : `(${all.join('|')})`;
}

/// Asks for the values of a board's variables in their order, because one narrows the next: {name: {query, values}}.
export async function valuesOf(board, client, times) {
  const found = {};
  for (const variable of board.templating.list.filter(({ type }) => type === 'query')) {
    const query = new Choice(board, found).replace(variable.query.query, times);
    const [, selector, label] = query.match(/^label_values\((.*), ?(\w+)\)$/) ?? [];
    if (!label) throw new Error(`${variable.name}: ${query} is no label_values(SERIES, LABEL)`);
    found[variable.name] = { query, values: await client.labelValues(selector, label, times) };
  }
  return found;
}

/// What is chosen for each variable: all, unless `picked` has other values.
export class Choice {
  /// `known` as of valuesOf; `picked` is {name: [value...]}.
  constructor(board, known, picked = {}) {
    this.board = board;
    this.known = known;
    this.picked = picked;
  }

  /// `step` and `scrape` in seconds.
  replace(query, { start, end, step = 0, scrape = 0 }) {
    const own = { __interval: step, __rate_interval: Math.max(step + scrape, 4 * scrape), __range: end - start };
    return query.replace(/\$\{?(\w+)\}?/g, (whole, name) => {
      if (name in own) return `${Math.max(1, Math.round(own[name]))}s`;
      const variable = this.board.templating.list.find((each) => each.name === name);
      if (!variable || !this.known[name]) throw new Error(`${query} uses ${whole}, which the board does not have by then`);
      return matching(variable, this.known[name].values, this.picked[name]);
    });
  }

  /// For people: [["Queue", "All"], ...]
  words() {
    return this.board.templating.list.filter(({ name }) => this.known[name])
      .map(({ name, label }) => [label, this.picked[name]?.join(', ') ?? 'All']);
  }
}
