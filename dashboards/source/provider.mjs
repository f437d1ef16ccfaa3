// How close to the provider's limits are we, what does it answer, and how long do the credits last?
import { board } from './board.mjs';
import { bars, lanes, lines, stat, target } from './panels.mjs';
import { growth, max, min, of, ofKey, quantile, rate, seenBy, share, sum } from './queries.mjs';

const states = { 0: ['ok', 'green'], 1: ['no credits', 'red'], 2: ['refused', 'red'], 3: ['drained', 'orange'] };
const inState = (state) => max('key', of('api_key_state', ofKey, `state="${state}"`));
const keyState = `${inState('exhausted')} + 2 * ${inState('invalid')} + 3 * ${inState('drained')}`;
const circuit = { 0: ['closed', 'green'], 1: ['open', 'red'] };

const requests = (by, ...matchers) => sum(by, rate('api_requests_total', ofKey, ...matchers));
const lastMinute = sum('key', `rate(${of('api_requests_total', ofKey)}[1m])`);
const inUse = max('key', of('api_limiter_share', ofKey));
const refusals = (by) => sum(by, rate('api_throttled_total', ofKey));
const allowed = (by) => max(by, of('api_limiter_rate', ofKey));
const left = min('key', of('quota_remaining_credits', ofKey));
const spending = (how) => sum('key', how('quota_spent_credits_total', ofKey));
const spentEachSecond = sum('key', `rate(${of('quota_spent_credits_total', ofKey)}[$__range])`);
const reset = max('key', of('quota_reset_timestamp_seconds', ofKey));

const now = [
  stat('Key', 'Whether the API takes the key: no credits, refused, or drained by `gleaner`.',
    { unit: 'short', width: 3, words: states, steps: [[null, 'green'], [1, 'red']], now: true }, target('{{key}}', keyState)),
  stat('Circuit', 'Open while the API fails so often that it is asked less.',
    { unit: 'short', width: 3, words: circuit, steps: [[null, 'green'], [1, 'red']], now: true },
    target('{{key}}', max('key', of('api_circuit_open', ofKey)))),
  stat('Requests', 'Requests each second.',
    { unit: 'reqps', width: 3, decimals: 1 }, target('{{key}}', requests('key'))),
  stat('Refused for the pace', 'The part of the requests that were too many for the API. Above 2 % GleanerRateLimited fires.',
    { unit: 'percentunit', width: 3, decimals: 1, steps: [[null, 'green'], [0.005, 'orange'], [0.02, 'red']] },
    target('{{key}}', share(refusals('key'), requests('key')))),
  stat('Answer, p95', 'Nineteen of twenty answers come faster.',
    { unit: 's', width: 3, steps: [[null, 'green'], [2.5, 'orange'], [10, 'red']], none: 'no answers' },
    target('{{key}}', quantile(0.95, 'key', 'api_request_duration_seconds', ofKey))),
  stat('Credits left', 'As the account said when it was last read (see "Age of the account\'s figures"); what was spent since is not taken off.',
    { unit: 'short', width: 3, steps: [[null, 'red'], [1, 'green']], none: 'not known' }, target('{{key}}', left)),
  stat('They last for', 'How long the credits last if they are spent as over the time shown.',
    { unit: 's', width: 3, now: true, steps: [[null, 'red'], [86400, 'orange'], [7 * 86400, 'green']], none: 'none spent' },
    target('{{key}}', `${left} / (${spentEachSecond} > 0)`)),
  stat('New ones come in', 'Until the account gets new credits.',
    { unit: 's', width: 3, now: true, none: 'not known' }, target('{{key}}', `${reset} - time()`)),
];

const pace = [
  lines('Pace and limits',
    'Requests each second, and what each window of api.limits allows (dashed; less after refusals). The lowest window is the ' +
      'limit.',
    { unit: 'reqps', width: 12, dashed: ['/allowed by .*/'] },
    target('{{key}}', requests('key')), target('{{key}}: allowed by {{window}}', allowed('key, window'))),
  lines('Use of each window',
    'Requests of a minute, as a part of what api.limits allow in it. Near 100 % of the tightest window while jobs wait is as it ' +
      'should be.',
    { unit: 'percentunit', width: 12, limits: [[null, 'transparent'], [1, 'red']] },
    target('{{key}}: {{window}}',
      `${lastMinute} / on (key) group_right () (${allowed('key, window')} / on (key) group_left () clamp_min(${inUse}, 0.01))`)),
  lines('Requests left in the window', 'How many requests each window would still take now. 0 means that pages wait for it.',
    { unit: 'short' }, target('{{key}}: {{window}}', min('key, window', of('api_limiter_tokens', ofKey)))),
  lines('Wait for a permit', 'How long pages wait until the pace lets them go.',
    { unit: 's', colors: { p50: 'green', p95: 'orange', p99: 'red' } },
    ...[50, 95, 99].map((part) => target(`p${part}`, quantile(part / 100, '', 'api_limiter_wait_seconds', ofKey)))),
  lines('Part of the limits in use', 'Below 100 % after refusals: then Gleaner goes slower than api.limits, and back step by step.',
    { unit: 'percentunit', most: 1 }, target('{{key}}', inUse)),
  lines('Refusals and retries', 'Answers that said "too many", and pages that are asked for again by why.',
    { unit: 'reqps', colors: { refused: 'red' } },
    target('refused', refusals('')), target('again: {{reason}}', sum('reason', rate('api_retries_total', ofKey)))),
  lines('Requests under way', 'Requests without an answer so far.',
    { unit: 'short' }, target('{{key}}', sum('key', of('api_requests_in_flight', ofKey)))),
  lines('Told to wait', 'Seconds that pages were told to wait before they are asked for again, each second.',
    { unit: 's' }, target('{{key}}', sum('key', rate('api_backoff_seconds_total', ofKey)))),
];

const answers = [
  lines('Answers by status', 'Each second; `error` is no answer at all: a timeout, a reset, no connection.',
    { unit: 'reqps', stacked: true, colors: { 200: 'green', 429: 'orange', 403: 'yellow', error: 'dark-red' } },
    target('{{code}}', seenBy('code', 'api_requests_total', ofKey))),
  lines('Time to answer', 'From sending a request to its whole answer.',
    { unit: 's', colors: { p50: 'green', p95: 'orange', p99: 'red' } },
    ...[50, 95, 99].map((part) => target(`p${part}`, quantile(part / 100, '', 'api_request_duration_seconds', ofKey)))),
  lanes('Key and circuit', 'What state each key was in, and when the API failed so often that it was asked less.',
    { words: { ...states, 10: ['closed', 'green'], 11: ['open', 'red'] } },
    target('{{key}}', keyState), target('{{key}}: circuit', `10 + ${max('key', of('api_circuit_open', ofKey))}`)),
  bars('Answers that were no use',
    'Bodies that could not be had, and answers that were not followed, not trusted or not allowed, over the time shown.',
    { unit: 'short', steps: [[null, 'green'], [1, 'orange']], decimals: 0 },
    target('body: {{kind}}', sum('kind', growth('api_bad_body_total', ofKey))),
    target('refused: {{kind}}', sum('kind', growth('api_refused_total', ofKey)))),
  lines('Body bytes', 'Decoded bytes of answers, each second.',
    { unit: 'Bps' }, target('{{key}}', sum('key', rate('api_response_bytes_total', ofKey)))),
  bars('Requests saved',
    'Requests that were not needed, over the time shown: pages of a ledger, domains that are fresh, counts of zero.',
    { unit: 'short', decimals: 0 }, target('{{reason}}', sum('reason', growth('api_saved_requests_total', ofKey)))),
];

const credits = [
  lines('Credits left', 'What the account has left, of what it has in a period (dashed).',
    { unit: 'short', dashed: ['/of the period/'] },
    target('{{key}}', left), target('{{key}}: of the period', max('key', of('quota_limit_credits', ofKey)))),
  lines('Spent', 'Credits each hour, by our own count.',
    { unit: 'suffix: /h' }, target('{{key}}', `3600 * ${spending(rate)}`)),
  lines('Reserved', 'Credits that pages under way may cost: over all processes that share the key.',
    { unit: 'short' }, target('{{key}}', max('key', of('quota_reserved_credits', ofKey)))),
  lines('Used up against reset',
    'When the credits end at the present pace, and when new ones come (dashed). The first below the second: ' +
      'GleanerQuotaRunsOutBeforeReset.',
    { unit: 's', dashed: ['/reset/'] },
    target('{{key}}: used up', `${left} / (${spending(rate)} > 0)`), target('{{key}}: reset', `${reset} - time()`)),
  bars('Credits saved', 'Credits that were not spent again, over the time shown: pages of a ledger, and domains that are fresh.',
    { unit: 'short', decimals: 0 }, target('{{reason}}', sum('reason', growth('quota_saved_credits_total', ofKey)))),
  lines('Age of the account\'s figures', 'How long ago the account was last read. Between two readings Gleaner counts itself.',
    { unit: 's' }, target('{{key}}', `time() - (${max('key', of('quota_refresh_timestamp_seconds', ofKey))} > 0)`)),
];

export const provider = board({
  name: 'provider', title: 'provider', variables: ['key'],
  description: 'The API: its limits and how much of them is used, what it answers, and how long the credits last.',
}, ['Now', now], ['Pace', pace], ['Answers', answers], ['Credits', credits]);
