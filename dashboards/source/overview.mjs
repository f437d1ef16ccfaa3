// Is it working, how far behind is it, what holds it up, what fails, who is down?
import { board } from './board.mjs';
import { lanes, lines, stat, target } from './panels.mjs';
import { growth, inQueue, max, min, of, ofWorkers, quantile, rate, seenBy, share, sum, up } from './queries.mjs';
import { table } from './tables.mjs';

/// What we aim at: this part of the jobs completes, and this part of them is taken within five minutes.
const aims = { completed: 0.99, taken: 0.95 };

const ended = (how) => sum('', how('jobs_total', inQueue));
const failed = (how) => sum('', how('jobs_total', inQueue, 'outcome="failed"'));
const waiting = (by) => sum(by, max('queue, state', of('queue_jobs', inQueue, 'state=~"waiting|prioritized"')));
const alerts = 'ALERTS{alertname=~"Gleaner.+", alertstate="firing"}';

const good = (aim) => [[null, 'red'], [2 * aim - 1, 'orange'], [aim, 'green']];
const none = (color) => [[null, 'green'], [1, color]];
const yes = (color) => ({ 0: ['no', color], 1: ['yes', 'green'] });

const working = [
  stat('Alerts firing',
    'Alerts of gleaner.rules.yml that fire now; ALERTS.md says what to do about each. 0 also when Prometheus has not loaded the ' +
      'rules.',
    { unit: 'short', width: 3, steps: none('red'), now: true }, target('', `count(${alerts}) or vector(0)`)),
  stat('Processes down', 'Processes that Prometheus gets no answer from. The table below names them.',
    { unit: 'short', width: 3, steps: none('red'), now: true }, target('', sum('', `1 - ${up}`))),
  stat('Not ready', 'Processes whose /readyz says no: without Redis, unable to store, without a key that can be used, or about to end.',
    { unit: 'short', width: 3, steps: none('orange'), now: true }, target('', sum('', `1 - ${of('ready')}`))),
  stat('Jobs waiting', 'Jobs that could run now and have not been taken.',
    { unit: 'short', width: 3 }, target('', waiting(''))),
  stat('Oldest waiting', 'For how long the job that is next has waited: what users feel first.',
    { unit: 's', width: 3, steps: [[null, 'green'], [300, 'orange'], [900, 'red']] },
    target('', max('', of('queue_oldest_waiting_age_seconds', inQueue)))),
  stat('Jobs ended', 'Jobs that ended for good, each second.',
    { unit: 'suffix: /s', width: 3, decimals: 1 }, target('', ended(rate))),
  stat('Failed', 'The part of the jobs that failed for good, of all that ended.',
    { unit: 'percentunit', width: 3, decimals: 1, steps: [[null, 'green'], [0.01, 'orange'], [0.1, 'red']] },
    target('', share(failed(rate), ended(rate)))),
  stat('Credits left', 'The part of the period\'s credits that is left, of the key that has least. Board "provider" has the rest.',
    { unit: 'percentunit', width: 3, decimals: 1, steps: [[null, 'red'], [0.1, 'orange'], [0.25, 'green']], none: 'not known' },
    target('', min('', `${of('quota_remaining_credits')} / ${of('quota_limit_credits')}`))),
  table('Firing alerts', 'Which alerts fire, and for what. Empty when none does.',
    { width: 11, height: 7, none: 'no alert fires', order: ['alertname', 'severity', 'queue', 'key', 'instance'] },
    { expr: sum('alertname, severity, instance, queue, key', alerts) }),
  table('Processes', 'Every process that is scraped. A fetcher has no jobs of its own, and no Redis.',
    { width: 13, height: 7 },
    { name: 'Answers', expr: sum('instance', up), words: yes('red') },
    { name: 'Ready', expr: sum('instance', of('ready')), words: yes('orange') },
    { name: 'Redis', expr: min('instance', ofWorkers(of('redis_connected'))), words: yes('red') },
    { name: 'Jobs held', expr: sum('instance', of('jobs_active')) },
    { name: 'of', expr: sum('instance', of('worker_slots')) },
    { name: 'Nodes', expr: sum('instance', of('cluster_nodes')) },
    { name: 'Memory', expr: sum('instance', of('process_resident_memory_bytes')), unit: 'bytes' },
    { name: 'Running for', expr: max('instance', `time() - ${of('process_start_time_seconds')}`), unit: 's' }),
];

const behind = [
  lines('Jobs by state', 'What is in the queue; each worker counts every 5 s. Completed and failed jobs are on the board "queue".',
    { unit: 'short', stacked: true,
      colors: { waiting: 'blue', prioritized: 'purple', delayed: 'yellow', active: 'green', 'waiting-children': 'orange' } },
    target('{{state}}', max('state', of('queue_jobs', inQueue, 'state!~"completed|failed"')))),
  lines('Oldest waiting job',
    'Age of the job that is next to run. The dashed lines are 5 and 15 minutes: GleanerQueueStuck looks at the second.',
    { unit: 's', limits: [[null, 'transparent'], [300, 'orange'], [900, 'red']] },
    target('{{queue}}', max('queue', of('queue_oldest_waiting_age_seconds', inQueue)))),
  lines('Time to work it off', 'How long the waiting jobs would take at the present pace. No line while nothing ends.',
    { unit: 's' }, target('all that waits', `${waiting('')} / (${ended(rate)} > 0)`)),
];

const level = [
  stat('Completed', `The part of the jobs that completed, over the time shown. Aim: ${aims.completed * 100} %.`,
    { unit: 'percentunit', width: 6, decimals: 2, now: true, steps: good(aims.completed) },
    target('', `1 - ${share(failed(growth), ended(growth))}`)),
  stat('Error budget used',
    `How much of the ${100 - aims.completed * 100} % that may fail has failed, over the time shown; over 100 % the aim is missed.`,
    { unit: 'percentunit', width: 6, decimals: 0, now: true, steps: [[null, 'green'], [0.5, 'orange'], [1, 'red']] },
    target('', `${share(failed(growth), ended(growth))} / ${(1 - aims.completed).toFixed(2)}`)),
  stat('Taken within 5 min',
    `The part of the jobs that waited for less than five minutes, over the time shown. Aim: ${aims.taken * 100} %.`,
    { unit: 'percentunit', width: 6, decimals: 2, now: true, steps: good(aims.taken), none: 'none taken' },
    target('',
      `${sum('', growth('job_wait_seconds_bucket', inQueue, 'le=~"300|300.0"'))} / (${sum('', growth('job_wait_seconds_count', inQueue))} > 0)`)),
  stat('Failed jobs kept',
    'Failed jobs that lie in the queue: `gleaner dlq ls` counts them by kind, `gleaner dlq replay` runs them again.',
    { unit: 'short', width: 6, steps: none('orange') },
    target('', sum('', max('queue', of('queue_jobs', inQueue, 'state="failed"'))))),
  lines('Jobs ended', 'Jobs that ended for good, each second.',
    { unit: 'suffix: /s', stacked: true, colors: { completed: 'green', failed: 'red' } },
    target('{{outcome}}', sum('outcome', rate('jobs_total', inQueue)))),
  lines('Part that fails',
    'Jobs that failed for good, of all that ended. The dashed lines are our aim and where GleanerFailureRatioHigh fires.',
    { unit: 'percentunit', limits: [[null, 'transparent'], [1 - aims.completed, 'orange'], [0.1, 'red']] },
    target('{{queue}}',
      share(sum('queue', rate('jobs_total', inQueue, 'outcome="failed"')), sum('queue', rate('jobs_total', inQueue))))),
  lines('Failed jobs by cause', 'Why jobs failed for good; `gleaner dlq show` has the reason of each.',
    { unit: 'suffix: /s', stacked: true }, target('{{reason}}', sum('reason', rate('job_failures_total', inQueue)))),
];

const brakes = [
  lanes('What suspends workers',
    'Why no jobs are taken: no credits (quota), no usable key, no space to store (store), an API that fails or refuses (pace), ' +
      'somebody drained a key.',
    { words: { 0: ['goes on', 'green'], 1: ['suspended', 'red'] } }, target('{{reason}}', max('reason', of('worker_suspended')))),
  lines('Slots in use',
    'Jobs held, of those that may be held at once. Full while jobs wait: the API\'s pace or queue.concurrency is the limit.',
    { unit: 'short', dashed: ['slots'] },
    target('held', sum('', of('jobs_active', inQueue))), target('slots', sum('', of('worker_slots', inQueue)))),
  lines('Wait for the API\'s pace', 'How long pages wait for a permit. Seconds mean that the API\'s limits hold the work up.',
    { unit: 's', colors: { p50: 'green', p95: 'orange' } },
    target('p50', quantile(0.5, '', 'api_limiter_wait_seconds')), target('p95', quantile(0.95, '', 'api_limiter_wait_seconds'))),
  lines('Answers of the API', 'Requests each second by HTTP status; `error` is no answer at all.',
    { unit: 'reqps', stacked: true, colors: { 200: 'green', error: 'dark-red' } },
    target('{{code}}', seenBy('code', 'api_requests_total'))),
  lines('Jobs put back', 'Jobs that wait with their pages until what all jobs need is there again, by what that is.',
    { unit: 'suffix: /s', stacked: true }, target('{{reason}}', sum('reason', rate('jobs_parked_total', inQueue)))),
  lines('Retries and stalls', 'Tries that failed and come again, and jobs whose worker died.',
    { unit: 'suffix: /s', colors: { retried: 'yellow', stalled: 'orange', 'lock lost': 'red' } },
    target('retried', sum('', rate('jobs_retried_total', inQueue))),
    target('stalled', sum('', rate('jobs_stalled_total', inQueue))),
    target('lock lost', sum('', rate('redis_lock_lost_total', inQueue)))),
];

export const overview = board({
  name: 'overview', title: 'overview', variables: ['queue'],
  description: 'Is it working, how far behind is it, what holds it up, what fails, who is down? Start here.',
}, ['Is it working?', working], ['How far behind?', behind], ['What comes of the jobs?', level], ['What holds it up?', brakes]);
