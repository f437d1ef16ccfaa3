// Tables: a row for each combination of labels, a column for each query.
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as tables from '@grafana/grafana-foundation-sdk/table';
import { begin, mappings, query, thresholds } from './panels.mjs';

const inColor = { id: 'custom.cellOptions', value: { type: common.TableCellDisplayMode.ColorText } };

/// How the cells of a column look.
function look({ unit, words, steps }) {
  return [
    ...unit ? [{ id: 'unit', value: unit }] : [],
    ...words ? [{ id: 'mappings', value: mappings(words) }] : [],
    ...steps ? [{ id: 'thresholds', value: thresholds(steps).build() }] : [],
    ...words || steps ? [inColor] : [],
  ];
}

/// `columns` are {name, expr, unit, words, steps}; without a name a query only says which rows there are. `order` are
/// labels in the order of their columns.
export function table(title, description, settings, ...columns) {
  const { order = [] } = settings;
  const value = (index) => (columns.length === 1 ? 'Value' : `Value #${String.fromCharCode(65 + index)}`);
  const hidden = columns.flatMap(({ name }, index) => (name ? [] : [[value(index), true]]));
  const renamed = columns.flatMap(({ name }, index) => (name ? [[value(index), name]] : []));
  const panel = begin(new tables.PanelBuilder(), title, description, { unit: 'short', width: 12, height: 8, ...settings })
    .showHeader(true).cellHeight(common.TableCellHeight.Sm).align(common.FieldTextAlignment.Auto).inspect(false)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: { excludeByName: Object.fromEntries([['Time', true], ...hidden]),
      indexByName: Object.fromEntries(order.map((label, index) => [label, index])), renameByName: Object.fromEntries(renamed) } });
  for (const column of columns.filter(({ name }) => name)) panel.overrideByName(column.name, look(column));
  return panel.targets(columns.map(({ expr }, index) => query({ expr, legend: '' }, index)
    .instant().format(prometheus.PromQueryFormat.Table)));
}
