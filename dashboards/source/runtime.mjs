// The processes themselves: actors, Redis, the cluster, memory and time.
import { board } from './board.mjs';
import { bars, lanes, lines, stat, target } from './panels.mjs';
import { growth, max, min, of, ofWorkers, quantile, rate, share, sum, up } from './queries.mjs';
import { table } from './tables.mjs';

const none = (color) => [[null, 'green'], [1, color]];
const grown = (name, ...matchers) => sum('', growth(name, ...matchers));
const yes = (color) => ({ 0: ['no', color], 1: ['yes', 'green'] });
const connected = { 0: ['away', 'red'], 1: ['connected', 'green'] };
const certificate = `${of('cluster_certificate_end_timestamp_seconds')} > 0`;
const each = '{{instance}}';

const now = [
  stat('Processes', 'Processes that answer Prometheus.',
    { unit: 'short', width: 3 }, target('', sum('', up))),
  stat('Restarts', 'Processes that were started again, over the time shown.',
    { unit: 'short', width: 3, now: true, steps: none('orange') },
    target('', `sum(changes(${of('start_time_seconds')}[$__range]))`)),
  stat('Actors that died', 'And were replaced, over the time shown.',
    { unit: 'short', width: 3, decimals: 0, now: true, steps: none('red') }, target('', grown('actor_restarts_total'))),
  stat('Without Redis', 'Workers that have no connection to Redis now.',
    { unit: 'short', width: 3, steps: none('red') }, target('', `sum(1 - (${ofWorkers(of('redis_connected'))}))`)),
  stat('Nodes', 'Fetchers that have joined a coordinator.',
    { unit: 'short', width: 3 }, target('', sum('', of('cluster_nodes')))),
  stat('Nodes lost', 'That went without saying so, over the time shown.',
    { unit: 'short', width: 3, decimals: 0, now: true, steps: none('orange') }, target('', grown('cluster_nodes_lost_total'))),
  stat('CPU', 'Cores that all processes use.',
    { unit: 'suffix: cores', width: 3, decimals: 2 }, target('', sum('', rate('process_cpu_seconds_total')))),
  stat('Largest process', 'Resident memory.',
    { unit: 'bytes', width: 3, decimals: 1 }, target('', max('', of('process_resident_memory_bytes')))),
];

const processes = [
  table('Processes', 'What runs where.',
    { width: 24, height: 6, order: ['instance', 'version', 'revision', 'compiler'] },
    { expr: sum('instance, version, revision, compiler', of('build_info')) },
    { name: 'Answers', expr: sum('instance', up), words: yes('red') },
    { name: 'Ready', expr: sum('instance', of('ready')), words: yes('orange') },
    { name: 'Slots', expr: sum('instance', of('worker_slots')) },
    { name: 'Cores', expr: sum('instance', rate('process_cpu_seconds_total')) },
    { name: 'Memory', expr: sum('instance', of('process_resident_memory_bytes')), unit: 'bytes' },
    { name: 'Virtual', expr: sum('instance', of('process_virtual_memory_bytes')), unit: 'bytes' },
    { name: 'Files', expr: sum('instance', of('process_open_fds')) },
    { name: 'of', expr: sum('instance', of('process_max_fds')) },
    { name: 'Threads', expr: sum('instance', of('process_threads')) },
    { name: 'Running for', expr: max('instance', `time() - ${of('process_start_time_seconds')}`), unit: 's' }),
  lines('CPU', 'Cores that each process uses.',
    { unit: 'short', width: 6 }, target(each, sum('instance', rate('process_cpu_seconds_total')))),
  lines('Memory', 'Resident memory of each process.',
    { unit: 'bytes', width: 6 }, target(each, sum('instance', of('process_resident_memory_bytes')))),
  lines('Open files', 'Descriptors of each process: connections to Redis, the API and nodes, and files.',
    { unit: 'short', width: 6 }, target(each, sum('instance', of('process_open_fds')))),
  lanes('Ready', 'What /readyz says.',
    { width: 6, words: yes('orange') }, target(each, min('instance', of('ready')))),
];

const actors = [
  lines('Actors', 'By kind. Fetchers and normalizers come and go with the load.',
    { unit: 'short', aside: true }, target('{{kind}}', sum('kind', of('actors')))),
  lines('Messages in mailboxes',
    'That wait to be handled, by kind. Nothing grows here for long: every request waits for its answer.',
    { unit: 'short', aside: true }, target('{{kind}}', sum('kind', of('actor_mailbox_messages')))),
  bars('Actors that died', 'By kind, over the time shown; `actor.down` in the log says why.',
    { unit: 'short', decimals: 0, steps: none('red') }, target('{{kind}}', sum('kind', growth('actor_restarts_total')))),
];

const redis = [
  lines('Commands', 'Each second by what they are for. Waiting for jobs does not count.',
    { unit: 'suffix: /s', stacked: true }, target('{{command}}', sum('command', rate('redis_commands_total')))),
  lines('Time of a command, p99', 'From handing a command in to its answer. Above 100 ms Redis, or the way to it, is too slow.',
    { unit: 's' }, target('{{command}}', quantile(0.99, 'command', 'redis_command_duration_seconds'))),
  lines('Part of the commands that fail', 'Refused by Redis or not answered, by what they are for.',
    { unit: 'percentunit' },
    target('{{command}}',
      share(sum('command', rate('redis_commands_total', 'result="error"')), sum('command', rate('redis_commands_total'))))),
  lanes('Connection', 'Of each worker, for commands.',
    { words: connected }, target(each, min('instance', ofWorkers(of('redis_connected'))))),
  bars('Connections that broke', 'Over the time shown. Stale: no answer came in time.',
    { unit: 'short', decimals: 0, steps: none('orange') },
    target('built up again', grown('redis_reconnects_total')), target('stale', grown('redis_stale_sockets_total'))),
  bars('Refused by Redis',
    'Error answers over the time shown, by what they begin with: oom is a full memory, acl a right that is missing.',
    { unit: 'short', decimals: 0, steps: none('red') }, target('{{reason}}', sum('reason', growth('redis_refused_total')))),
];

const cluster = [
  lines('Nodes and room', 'Fetchers that have joined, and pages that all can get at once.',
    { unit: 'short', width: 6 },
    target('nodes', sum('', of('cluster_nodes'))), target('pages at once', sum('', of('cluster_slots')))),
  lines('Pages of nodes', 'Answers of nodes each second.',
    { unit: 'suffix: /s', width: 6 }, target(each, sum('instance', rate('cluster_pages_total')))),
  lines('Messages', 'Each second by direction and result.',
    { unit: 'suffix: /s', width: 6 },
    target('{{direction}}: {{result}}', sum('direction, result', rate('cluster_messages_total')))),
  bars('Turned away and lost',
    'Over the time shown: peers without a valid certificate or of another version, and nodes that went without leave.',
    { unit: 'short', width: 6, decimals: 0, steps: none('orange') },
    target('turned away', grown('cluster_rejects_total')), target('nodes lost', grown('cluster_nodes_lost_total'))),
];

const rest = [
  lines('Log messages', 'Each second by level.',
    { unit: 'suffix: /s', stacked: true, width: 6,
      colors: { debug: 'blue', info: 'green', warn: 'orange', error: 'red' } },
    target('{{level}}', sum('level', rate('log_messages_total')))),
  lines('HTTP requests', 'To the admin listener, each second by route.',
    { unit: 'reqps', stacked: true, width: 6 }, target('{{route}}', sum('route', rate('http_requests_total')))),
  lines('Time of HTTP answers', 'From a request to the listener to its answer, sent.',
    { unit: 's', width: 6, colors: { p50: 'green', p99: 'red' } },
    target('p50', quantile(0.5, '', 'http_request_duration_seconds')), target('p99', quantile(0.99, '', 'http_request_duration_seconds'))),
  lines('Trace spans', 'Each second: sent to the collector, and dropped because it did not take them.',
    { unit: 'suffix: /s', width: 6, colors: { sent: 'green', dropped: 'red' } },
    target('sent', sum('', rate('trace_spans_exported_total'))), target('dropped', sum('', rate('trace_spans_dropped_total')))),
  bars('Lost and skewed', 'Over the time shown: log lines that nobody read, and steps of clocks by more than 2 s.',
    { unit: 'short', width: 12, height: 5, decimals: 0, steps: none('orange') },
    target('log lines lost', grown('log_dropped_total')), target('clock steps', grown('clock_steps_total'))),
  stat('Files of keys', 'Whether the files of API keys that changed could be used. GleanerConfigReloadFailed fires when not.',
    { unit: 'short', width: 6, height: 5, now: true, words: { 0: ['unusable', 'red'], 1: ['in order', 'green'] },
      steps: [[null, 'red'], [1, 'green']] },
    target('', min('', of('config_last_reload_success')))),
  stat('Certificate ends in', 'The first of the nodes\' certificates to end.',
    { unit: 's', width: 6, height: 5, now: true, steps: [[null, 'red'], [7 * 86400, 'orange'], [30 * 86400, 'green']],
      none: 'no certificates' },
    target('', `min(${certificate}) - time()`)),
];

export const runtime = board({
  name: 'runtime', title: 'runtime',
  description: 'The processes themselves: actors, Redis, the cluster, memory, logs and traces.',
}, ['Now', now], ['Processes', processes], ['Actors', actors], ['Redis', redis], ['Cluster', cluster], ['Logs, traces, HTTP', rest]);
