// What comes of the pages: contacts, rejects, collections, and the disk that they go to.
import { board } from './board.mjs';
import { bars, lines, stat, target } from './panels.mjs';
import { growth, of, ofWorkers, quantile, rate, share, sum } from './queries.mjs';

const contacts = (how, ...matchers) => sum('', how('contacts_total', ...matchers));
const free = ofWorkers(of('storage_free_bytes'));
const none = (color) => [[null, 'green'], [1, color]];
const tail = { colors: { p50: 'green', p95: 'orange', p99: 'red' } };
const parts = (name, ...matchers) => [50, 95, 99].map((part) => target(`p${part}`, quantile(part / 100, '', name, ...matchers)));

const now = [
  stat('Contacts stored', 'Over the time shown.',
    { unit: 'short', width: 3, decimals: 0, now: true }, target('', contacts(growth, 'outcome="stored"'))),
  stat('Contacts', 'Stored each second.',
    { unit: 'suffix: /s', width: 3, decimals: 1 }, target('', contacts(rate, 'outcome="stored"'))),
  stat('Rejected', 'The part of the contacts that was refused, over the time shown: nothing in them could be used.',
    { unit: 'percentunit', width: 3, decimals: 1, now: true, steps: [[null, 'green'], [0.05, 'orange'], [0.2, 'red']] },
    target('', share(contacts(growth, 'outcome="rejected"'), contacts(growth)))),
  stat('Pages', 'Pages each second, from the API and from ledgers.',
    { unit: 'suffix: /s', width: 3, decimals: 1 }, target('', sum('', rate('pages_total')))),
  stat('Collections', 'Files written each second.',
    { unit: 'suffix: /s', width: 3, decimals: 1 }, target('', sum('', rate('storage_writes_total', 'result="ok"')))),
  stat('Write, p95', 'To make a group of collections durable.',
    { unit: 's', width: 3, steps: [[null, 'green'], [0.5, 'orange'], [1, 'red']], none: 'no writes' },
    target('', quantile(0.95, '', 'storage_write_duration_seconds'))),
  stat('Store errors', 'Operations that failed, over the time shown. GleanerStorageErrors fires at the first.',
    { unit: 'short', width: 3, decimals: 0, now: true, steps: none('red') }, target('', sum('', growth('storage_errors_total')))),
  stat('Space left', 'On the fullest disk of a worker.',
    { unit: 'bytes', width: 3, decimals: 1, steps: [[null, 'red'], [1e9, 'orange'], [1e10, 'green']] }, target('', `min(${free})`)),
];

const data = [
  lines('Contacts by outcome',
    'Each second. Duplicate: the collection has the address already; rejected: nothing in it can be used.',
    { unit: 'suffix: /s', stacked: true, colors: { stored: 'green', duplicate: 'yellow', rejected: 'red' } },
    target('{{outcome}}', sum('outcome', rate('contacts_total')))),
  lines('Part that is not stored', 'Of all contacts that pages had.',
    { unit: 'percentunit', colors: { duplicate: 'yellow', rejected: 'red' } },
    target('{{outcome}}',
      `${sum('outcome', rate('contacts_total', 'outcome!="stored"'))} / on () group_left () clamp_min(${contacts(rate)}, 1e-9)`)),
  bars('Most rejected', 'Fields and records that were refused, over the time shown: the ten most frequent.',
    { unit: 'short', decimals: 0 },
    target('{{field}}: {{reason}}', `topk(10, ${sum('field, reason', growth('normalization_rejects_total'))})`)),
];

const pages = [
  lines('Pages by result',
    'Each second. Replayed: from a ledger, not paid again; damaged: of a ledger, fetched again; unreadable: of the API.',
    { unit: 'suffix: /s', stacked: true,
      colors: { fetched: 'green', replayed: 'blue', empty: 'yellow', unreadable: 'red', damaged: 'dark-red' } },
    target('{{result}}', sum('result', rate('pages_total')))),
  lines('Time of a page', 'From asking for a page to its contacts, with all waits and tries.',
    { unit: 's', ...tail }, ...parts('page_duration_seconds')),
  lines('Pages kept', 'Pages that went into the ledgers of their jobs, each second: what is there is not paid again.',
    { unit: 'suffix: /s', colors: { ok: 'green', failed: 'red' } }, target('{{result}}', sum('result', rate('checkpoints_total')))),
  bars('Pages that contradict each other', 'Collections whose pages did not fit together, over the time shown.',
    { unit: 'short', decimals: 0, width: 12, height: 6, steps: none('orange') },
    target('{{kind}}', sum('kind', growth('pagination_anomalies_total')))),
  lines('Waiting for the disk', 'Collections that the store has and that are not yet durable.',
    { unit: 'short', width: 12, height: 6 }, target('{{backend}}', sum('backend', of('storage_buffered_records')))),
];

const store = [
  lines('Time of a write', 'To make a group of collections durable: written, synced, renamed, folder synced.',
    { unit: 's', ...tail }, ...parts('storage_write_duration_seconds')),
  lines('Collections written', 'Each second by result.',
    { unit: 'suffix: /s', stacked: true, colors: { ok: 'green', error: 'red' } },
    target('{{result}}', sum('result', rate('storage_writes_total')))),
  lines('Written', 'Bytes each second.',
    { unit: 'Bps' }, target('{{backend}}', sum('backend', rate('storage_written_bytes_total')))),
  lines('Space left', 'Of each worker\'s disk, and what would be left in a day at the pace of the last hour (dashed).',
    { unit: 'bytes', width: 12, dashed: ['/in a day/'] },
    target('{{instance}}', free),
    target('{{instance}} in a day',
      `clamp_min(predict_linear(${of('storage_free_bytes')}[1h], 86400), 0) and on (job, instance) ${of('worker_slots')} > 0`)),
  bars('Store errors', 'Operations that failed, over the time shown; `store.full` and `store.io_error` in the log have the reason.',
    { unit: 'short', decimals: 0, width: 12, steps: none('red') }, target('{{op}}', sum('op', growth('storage_errors_total')))),
];

export const storage = board({
  name: 'storage', title: 'storage',
  description: 'What comes of the pages: contacts, rejects and duplicates, the files, and the disk that they go to.',
}, ['Now', now], ['Contacts', data], ['Pages', pages], ['Store', store]);
