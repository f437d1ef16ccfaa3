// The parts of a board with the types of Grafana's SDK, where that says `any` with those of the panel's kind.
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/// As JSON has it: the values of enums instead of their names, no functions.
type Json<T> = 0 extends 1 & T ? T
  : T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer U)[] ? Json<U>[]
  : { [K in keyof T as T[K] extends Function ? never : K]: Json<T[K]> };

type With<T, More> = Omit<T, keyof More> & More;
type Needing<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };

/// What an override may set here.
type Property = { id: 'color'; value: dashboard.FieldColor }
  | { id: 'unit'; value: string }
  | { id: 'mappings'; value: dashboard.ValueMapping[] }
  | { id: 'thresholds'; value: dashboard.ThresholdsConfig }
  | { id: 'custom.cellOptions'; value: NonNullable<table.FieldConfig['cellOptions']> }
  | { id: 'custom.lineStyle'; value: NonNullable<timeseries.FieldConfig['lineStyle']> }
  | { id: 'custom.lineWidth' | 'custom.fillOpacity'; value: number };

type Fields<Custom> = {
  defaults: Needing<With<dashboard.FieldConfig, { custom?: Custom }>, 'unit'>;
  overrides: { matcher: { id: 'byName' | 'byRegexp'; options: string }; properties: Property[] }[];
};

type Panel<Kind, Options, Custom> = Json<Needing<With<dashboard.Panel, {
  type: Kind; targets: Needing<prometheus.dataquery, 'datasource'>[]; options: Options; fieldConfig: Fields<Custom>;
}>, 'id' | 'title' | 'description' | 'datasource' | 'gridPos'>>;

export type BarGauge = Panel<'bargauge', Partial<bargauge.Options>, never>;
export type Stat = Panel<'stat', stat.Options, never>;
export type StateTimeline = Panel<'state-timeline', Partial<statetimeline.Options>, statetimeline.FieldConfig>;
export type Table = Panel<'table', Partial<table.Options>, table.FieldConfig>;
export type TimeSeries = Panel<'timeseries', timeseries.Options, timeseries.FieldConfig>;

export type Row = Json<dashboard.RowPanel>;
export type Board = Json<Needing<dashboard.Dashboard, 'uid' | 'title' | 'description' | 'tags' | 'time' | 'refresh' | 'links'>>;
export type Variable = Json<Needing<dashboard.VariableModel, 'label' | 'description' | 'query' | 'current'>>;

/// The SDK knows an annotation of any data source; the rest is what that of Prometheus adds.
export type Annotation = Json<With<dashboard.AnnotationQuery,
  { expr: string; titleFormat: string; textFormat: string; tagKeys: string; useValueForTime: boolean }>>;

/// Of the form for import, which is Grafana's alone.
export type Inputs = { name: string; label: string; description: string; type: 'datasource'; pluginId: 'prometheus'; pluginName: string }[];
export type Requires = { type: 'grafana' | 'datasource' | 'panel'; id: string; name: string; version: string }[];
export type Elements = Record<string, never>;
