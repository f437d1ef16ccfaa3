// The kinds of panels, as all boards have them: each takes its title, its description, its settings, and targets.
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stats from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/// The data source that the board's variable names.
export const source = { type: 'prometheus', uid: '${datasource}' };

/// A query and how its series are called; {{label}} stands for a label's value.
export const target = (legend, expr) => ({ legend, expr });

export function query({ legend, expr }, index) {
  return new prometheus.DataqueryBuilder().refId(String.fromCharCode(65 + index)).datasource(source)
    .expr(expr).legendFormat(legend).editorMode(prometheus.QueryEditorMode.Code);
}

/// Colours by value: `steps` are pairs [from, colour], the first from null.
export function thresholds(steps) {
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

/// Words for values: {0: ['no', 'green'], 1: ['yes', 'red']}.
export function mappings(words) {
  const options = Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }]);
  return [{ type: dashboard.MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/// What all kinds have in common.
export function begin(panel, title, description, { unit, width, height, words, decimals, least, most, none }) {
  panel.title(title).description(description).datasource(source).unit(unit).span(width).height(height);
  if (words) panel.mappings(mappings(words));
  if (decimals !== undefined) panel.decimals(decimals);
  if (least !== undefined) panel.min(least);
  if (most !== undefined) panel.max(most);
  if (none) panel.noValue(none);
  return panel;
}

const last = () => new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']);
const byThreshold = () => new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds);
const blue = [[null, 'blue']];

/// One figure for each series, with its course behind it; `now` leaves the course out.
export function stat(title, description, settings, ...targets) {
  const { steps = blue, now } = settings;
  const panel = begin(new stats.PanelBuilder(), title, description, { width: 4, height: 4, ...settings })
    .thresholds(thresholds(steps)).colorScheme(byThreshold()).reduceOptions(last())
    .graphMode(now ? common.BigValueGraphMode.None : common.BigValueGraphMode.Area)
    .colorMode(common.BigValueColorMode.Value).justifyMode(common.BigValueJustifyMode.Auto)
    .textMode(common.BigValueTextMode.Auto)
    .orientation(common.VizOrientation.Auto).wideLayout(true);
  return panel.targets(targets.map((each, index) => (now ? query(each, index).instant() : query(each, index).range())));
}

/// Lines over time. `colors` is {series: colour}, `stacked` piles areas up, `limits` draws steps as lines,
/// `dashed` are names of series that are no measurements, `aside` puts a long legend to the right.
export function lines(title, description, settings, ...targets) {
  const { stacked, colors = {}, limits, dashed = [], aside } = settings;
  const legend = new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.Table)
    .placement(aside ? common.LegendPlacement.Right : common.LegendPlacement.Bottom).calcs(['lastNotNull', 'max']);
  const panel = begin(new timeseries.PanelBuilder(), title, description, { width: 8, height: 8, least: 0, ...settings })
    .legend(legend)
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending))
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .drawStyle(common.GraphDrawStyle.Line).lineWidth(stacked ? 1 : 2).fillOpacity(stacked ? 40 : 8)
    .showPoints(common.VisibilityMode.Never).spanNulls(false)
    .stacking(new common.StackingConfigBuilder().mode(stacked ? common.StackingMode.Normal : common.StackingMode.None));
  if (limits) {
    panel.thresholds(thresholds(limits)).thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder()
      .mode(common.GraphThresholdsStyleMode.Dashed));
  }
  for (const [name, color] of Object.entries(colors)) panel.overrideByName(name, [fixed(color)]);
  for (const pattern of dashed) panel.overrideByRegexp(pattern, asLimit);
  return panel.targets(targets.map((each, index) => query(each, index).range()));
}

const fixed = (fixedColor) => ({ id: 'color', value: { mode: 'fixed', fixedColor } });
const asLimit = [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }, { id: 'custom.fillOpacity', value: 0 },
  { id: 'custom.lineWidth', value: 1 }];

/// A bar for each series, the largest first where the query sorts them.
export function bars(title, description, settings, ...targets) {
  const panel = begin(new bargauge.PanelBuilder(), title, description, { width: 8, height: 8, least: 0, ...settings })
    .thresholds(thresholds(settings.steps ?? blue)).colorScheme(byThreshold()).reduceOptions(last())
    .displayMode(common.BarGaugeDisplayMode.Basic).orientation(common.VizOrientation.Horizontal)
    .valueMode(common.BarGaugeValueMode.Color).namePlacement(common.BarGaugeNamePlacement.Left).showUnfilled(true);
  return panel.targets(targets.map((each, index) => query(each, index).instant()));
}

/// States over time, a lane for each series; `words` names and colours the values.
export function lanes(title, description, settings, ...targets) {
  const panel = begin(new statetimeline.PanelBuilder(), title, description, { unit: 'short', width: 8, height: 8, ...settings })
    .thresholds(thresholds([[null, 'green']])).colorScheme(byThreshold()).mergeValues(true).rowHeight(0.8)
    .showValue(common.VisibilityMode.Auto).fillOpacity(80).lineWidth(0)
    .legend(new common.VizLegendOptionsBuilder().showLegend(false).displayMode(common.LegendDisplayMode.List)
      .placement(common.LegendPlacement.Bottom).calcs([]));
  return panel.targets(targets.map((each, index) => query(each, index).range()));
}
