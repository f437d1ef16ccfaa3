// The form of a board that grafana.com and Grafana's import page take: it says what it needs, and asks for it.

const input = 'DS_PROMETHEUS';

/// A copy of `board` whose data source is asked for.
export function twin(board) {
  const types = [...new Set(board.panels.map(({ type }) => type))].filter((type) => type !== 'row').sort();
  const list = board.templating.list.map((variable) => (variable.type === 'datasource'
    ? { ...variable, current: { selected: false, text: 'Prometheus', value: `\${${input}}` } } : variable));
  return {
    __inputs: [{ name: input, label: 'Prometheus', description: 'The Prometheus that scrapes Gleaner',
      type: 'datasource', pluginId: 'prometheus', pluginName: 'Prometheus' }],
    __elements: {},
    __requires: [
      { type: 'grafana', id: 'grafana', name: 'Grafana', version: '11.0.0' },
      { type: 'datasource', id: 'prometheus', name: 'Prometheus', version: '1.0.0' },
      ...types.map((id) => ({ type: 'panel', id, name: names[id], version: '' })),
    ],
    ...board,
    templating: { list },
  };
}

const names = { bargauge: 'Bar gauge', stat: 'Stat', 'state-timeline': 'State timeline', table: 'Table', timeseries: 'Time series' };
