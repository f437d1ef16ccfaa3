// A board of rows of panels, with the variables, links and annotations that all boards have.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { source } from './panels.mjs';
import { inQueue, max, of } from './queries.mjs';

const all = { selected: true, text: ['All'], value: ['$__all'] };

/// What one can choose by; a variable with `any` stands for all values, also for those that have no series now.
const known = {
  job: { label: 'Job', query: 'label_values(gleaner_build_info, job)', description: 'The scrape job of Prometheus' },
  instance: { label: 'Instance', query: 'label_values(up{job=~"$job"}, instance)', any: '.+', description: 'The processes' },
  queue: { label: 'Queue', query: 'label_values(gleaner_worker_slots{job=~"$job"}, queue)', any: '.+', description: 'The queues' },
  key: { label: 'API key', query: 'label_values(gleaner_api_requests_in_flight{job=~"$job"}, key)', any: '.+',
    description: 'The API keys, by their names' },
};

function variable(name) {
  const { label, query, any, description } = known[name];
  const built = new dashboard.QueryVariableBuilder(name).label(label).description(description).datasource(source)
    .query({ query, refId: name }).multi(true).includeAll(true).current(all)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged).sort(dashboard.VariableSort.NaturalAsc);
  return any ? built.allValue(any) : built;
}

/// Of an annotation the builders know the query; these are further fields of Grafana's Prometheus data source.
function annotation(name, color, expr, { text, atValue = false }) {
  const built = new dashboard.AnnotationQueryBuilder().name(name).datasource(source).enable(true).iconColor(color).expr(expr);
  const more = { titleFormat: name, textFormat: text, tagKeys: '', useValueForTime: atValue };
  return { build: () => ({ ...built.build(), ...more }) };
}

const annotations = (queues) => [
  annotation('Start', 'blue', `${of('start_time_seconds')} * 1000`, { text: '{{instance}} started', atValue: true }),
  annotation('Paused', 'orange', `${max('queue', of('queue_paused', ...queues ? [inQueue] : []))} > 0`, { text: '{{queue}} is paused' }),
  annotation('Key replaced', 'purple', `${of('config_last_reload_timestamp_seconds')} * 1000 > 0`,
    { text: '{{instance}} read the file of an API key', atValue: true }),
];

const links = () => new dashboard.DashboardLinkBuilder('Gleaner').type(dashboard.DashboardLinkType.Dashboards)
  .tags(['gleaner']).includeVars(true).keepTime(true).icon('dashboard').tooltip('The other boards, with the same time and choice');

/// `rows` are [title, [panel...]]; panels fill the 24 columns from left to right.
export function board({ name, title, description, variables = [] }, ...rows) {
  const built = new dashboard.DashboardBuilder(`Gleaner / ${title}`).uid(`gleaner-${name}`).id(null).description(description)
    .tags(['gleaner', 'bullmq']).readonly().version(1).time({ from: 'now-3h', to: 'now' }).refresh('30s').timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair).link(links())
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus')
      .description('The Prometheus that scrapes Gleaner').current({ text: 'default', value: 'default' }))
    .annotations(annotations(variables.includes('queue')));
  for (const each of ['job', 'instance', ...variables]) built.withVariable(variable(each));
  for (const [heading, panels] of rows) {
    built.withRow(new dashboard.RowBuilder(heading));
    for (const panel of panels) built.withPanel(panel);
  }
  const result = built.build();
  result.panels.forEach((panel, index) => (panel.id = index + 1));
  return result;
}

