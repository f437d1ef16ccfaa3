// What is in the queue, how long jobs wait and run, what fails and why?
import { board } from './board.mjs';
import { bars, lanes, lines, stat, target } from './panels.mjs';
import { growth, inQueue, max, of, quantile, rate, sum } from './queries.mjs';

const jobs = (by, ...matchers) => max(by, of('queue_jobs', inQueue, ...matchers));
const ofAllQueues = (...matchers) => sum('', jobs('queue, state', ...matchers));
const grown = (name, ...matchers) => sum('', growth(name, inQueue, ...matchers));
const each = (name, by = '') => sum(by, rate(name, inQueue));
const none = (color) => [[null, 'green'], [1, color]];
const paused = { 0: ['runs', 'green'], 1: ['paused', 'orange'] };
const parts = (name, ...matchers) => [50, 90, 99].map((part) => target(`p${part}`, quantile(part / 100, '', name, inQueue, ...matchers)));
const colors = { p50: 'green', p90: 'orange', p99: 'red' };

const now = [
  stat('Queue', 'Whether the queue is paused.',
    { unit: 'short', width: 3, words: paused, steps: none('orange'), now: true },
    target('{{queue}}', max('queue', of('queue_paused', inQueue)))),
  stat('Waiting', 'Jobs that could run now, with and without priority.',
    { unit: 'short', width: 3 }, target('', ofAllQueues('state=~"waiting|prioritized"'))),
  stat('Oldest waiting', 'For how long the job that is next has waited.',
    { unit: 's', width: 3, steps: [[null, 'green'], [300, 'orange'], [900, 'red']] },
    target('', max('', of('queue_oldest_waiting_age_seconds', inQueue)))),
  stat('Active', 'Jobs that workers hold.',
    { unit: 'short', width: 3 }, target('', ofAllQueues('state="active"'))),
  stat('Delayed', 'Jobs that wait for their time: retries, schedules, and what was put back.',
    { unit: 'short', width: 3 }, target('', ofAllQueues('state="delayed"'))),
  stat('Failed jobs kept', 'The DLQ: `gleaner dlq ls` counts it by kind.',
    { unit: 'short', width: 3, steps: none('orange') }, target('', ofAllQueues('state="failed"'))),
  stat('Stalled', 'Jobs whose worker died or stood still, over the time shown. Above 3 in 15 minutes GleanerStalledJobs fires.',
    { unit: 'short', width: 3, decimals: 0, now: true, steps: none('red') }, target('', grown('jobs_stalled_total'))),
  stat('Schedule late by',
    'For how long a schedule\'s next job should have started. After five minutes GleanerScheduleMissed fires.',
    { unit: 's', width: 3, steps: [[null, 'green'], [60, 'orange'], [300, 'red']] },
    target('', max('', of('schedule_overdue_seconds', inQueue)))),
];

const inside = [
  lines('Jobs by state', 'What is in the queue, but for what has ended; each worker counts every 5 s.',
    { unit: 'short', stacked: true, aside: true, width: 10,
      colors: { waiting: 'blue', prioritized: 'purple', delayed: 'yellow', active: 'green', 'waiting-children': 'orange' } },
    target('{{state}}', jobs('state', 'state!~"completed|failed"'))),
  lines('Ended jobs that are kept',
    'Completed and failed jobs that lie in Redis: as the jobs\' removeOnComplete and removeOnFail say.',
    { unit: 'short', colors: { completed: 'green', failed: 'red' } },
    target('{{state}}', jobs('state', 'state=~"completed|failed"'))),
  lanes('Paused', 'When the queue was paused.',
    { width: 6, words: paused }, target('{{queue}}', max('queue', of('queue_paused', inQueue)))),
];

const times = [
  lines('Wait', 'From the creation of a job to its take, to the next limit of a histogram: .1, 1, 5, 15 s, 1, 5, 15 min, 1, 4, 24 h.',
    { unit: 's', colors }, ...parts('job_wait_seconds')),
  lines('Run', 'From the take to the end of the try, of jobs that completed.',
    { unit: 's', colors }, ...parts('job_duration_seconds', 'outcome="completed"')),
  lines('Oldest waiting job', 'Age of the job that is next to run; the dashed lines are 5 and 15 minutes.',
    { unit: 's', limits: [[null, 'transparent'], [300, 'orange'], [900, 'red']] },
    target('{{queue}}', max('queue', of('queue_oldest_waiting_age_seconds', inQueue)))),
  lines('Pages of a job', 'Pages fetched for a completed job.',
    { unit: 'short', colors }, ...parts('job_pages')),
  lines('Slots in use', 'Jobs held, of those that may be held at once (dashed).',
    { unit: 'short', dashed: ['slots'] },
    target('held', sum('', of('jobs_active', inQueue))), target('slots', sum('', of('worker_slots', inQueue)))),
  lines('Limit of the queue', 'Until the queue\'s own limiter (`setGlobalRateLimit`) lets jobs go again; 0 without one.',
    { unit: 's' }, target('{{queue}}', max('queue', of('queue_rate_limit_ttl_seconds', inQueue)))),
];

const flow = [
  lines('Taken and ended', 'Jobs each second. Retries and what is put back are taken again.',
    { unit: 'suffix: /s', colors: { taken: 'blue', completed: 'green', failed: 'red', retried: 'yellow' } },
    target('taken', each('jobs_started_total')), target('{{outcome}}', each('jobs_total', 'outcome')),
    target('retried', each('jobs_retried_total'))),
  lines('Failed by cause',
    'Why jobs failed for good. bad_data: the producer\'s; api: what the API says; poison: kills its workers.',
    { unit: 'suffix: /s', stacked: true }, target('{{reason}}', each('job_failures_total', 'reason'))),
  lines('Put back by reason', 'Jobs that wait with their pages until what all jobs need is there again.',
    { unit: 'suffix: /s', stacked: true }, target('{{reason}}', each('jobs_parked_total', 'reason'))),
  bars('What went wrong with workers',
    'Over the time shown. Stalled, lost and fenced: a worker died, was frozen, or Redis stood still. Poisoned: a job stalled too ' +
      'often and was failed.',
    { unit: 'short', decimals: 0, steps: none('orange') },
    target('stalled', grown('jobs_stalled_total')), target('poisoned', grown('jobs_poisoned_total')),
    target('lock lost', grown('redis_lock_lost_total')), target('fenced', grown('self_fenced_total')),
    target('job gone at its end', grown('orphans_total')), target('progress dropped', grown('progress_dropped_total'))),
  bars('What went on',
    'Over the time shown: jobs put back by a worker that was told to stop, and jobs that went on with pages of earlier tries.',
    { unit: 'short', decimals: 0 },
    target('released', grown('jobs_released_total')), target('resumed', grown('jobs_resumed_total'))),
  bars('Put right',
    'What belonged to nothing and was put right, over the time shown. `reconcile.found` in the log says what it was.',
    { unit: 'short', decimals: 0, steps: none('orange') },
    target('{{kind}}', sum('kind', growth('reconciled_total'))), target('wrong type', sum('', growth('queue_damaged_total')))),
];

export const queue = board({
  name: 'queue', title: 'queue', variables: ['queue'],
  description: 'What is in the queue, how long jobs wait and run, what fails and why.',
}, ['Now', now], ['What is in it', inside], ['Times', times], ['Flow', flow]);
