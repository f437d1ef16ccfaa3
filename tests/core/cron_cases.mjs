// Writes cron_cases.inc: what npm's cron-parser answers, of the two releases that BullMQ uses
// (4.9.0 by BullMQ 5, 5.10.3 by BullMQ 6). Where they disagree, 5.10.3 counts, unless a case says
// otherwise; the other answer stands next to the row. Usage, after the conformance tests have
// installed their packages: node tests/core/cron_cases.mjs
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const from_conformance = createRequire(new URL('../conformance/package.json', import.meta.url));
const releases = {
  4: from_conformance('cron-parser'),
  5: createRequire(from_conformance.resolve('bullmq6'))('cron-parser'),
};

const readers = {
  4: (pattern, options) => releases[4].parseExpression(pattern, options),
  5: (pattern, options) => releases[5].CronExpressionParser.parse(pattern, options),
};

function answer(release, pattern, tz, from) {
  try {
    const options = { currentDate: new Date(from), tz };
    return readers[release](pattern, options).next().toDate().toISOString();
  } catch (error) {
    return `refused (${error.message})`;
  }
}

const rows = [];

// `trust`: whose answer counts where the releases disagree.
function add(patterns, tz, starts, trust = 5) {
  for (const pattern of patterns) {
    for (const from of starts) {
      const answers = { 4: answer(4, pattern, tz, from), 5: answer(5, pattern, tz, from) };
      const next = answers[trust];
      if (next.startsWith('refused')) throw new Error(`${pattern} ${tz} ${from}: ${next}`);
      const other = answers[9 - trust];
      const note = other === next ? '' : ` // ${9 - trust}.x: ${other}`;
      const texts = [pattern, tz, new Date(from).toISOString(), next];
      rows.push(`{${texts.map((text) => JSON.stringify(text)).join(', ')}},${note}`);
    }
  }
}

// Fields, lists, ranges, steps, names, aliases.
add(['* * * * *', '* * * * * *', '*/15 * * * *', '5/15 * * * *', '0 */6 * * *', '*/100 * * * *',
  '0,30 8-18/2 * * 1-5', '10-20/5,40 3 * * *', '59 59 23 * * *', '*/7 */11 */5 * * *', '0 0 1 1 *',
  '30 0 12 * * *', '* * * *', '3 5', '5 1', '*', '00 007 * * *', '  0\t0  *  * * ',
  '0 0 * JAN-mar/2 *', '0 0 * * mon,WED,Fri', '0 0 * * Tue-Sat', '0 0 1 dec *', '1-5,13-17 * * * * 1',
  '@yearly', '@monthly', '@weekly', '@daily', '@hourly', '@annually', '@minutely', '@secondly',
  '@weekdays', '@weekends'],
'UTC', ['2026-01-31T10:00:00.500Z', '2026-12-31T23:59:59Z', '2028-02-28T23:59:59.999Z'],
);
add(['1,1 * * * *', '*,5 * * * *', '0 0 * * 0,7', '0 0 1-10,5-15 * *'], 'UTC',
  ['2026-01-31T10:00:00Z', '2026-07-04T23:59:00Z'], 4); // 5.x refuses a value that stands there twice
// Which day: both fields restricted, L, #, Sunday as 0 and 7, leap years, short months.
add(['0 0 13 * 5', '0 0 1,15 * mon', '0 0 ? * 1', '0 0 15 * ?', '0 0 L * *', '0 0 L,15 * *',
  '0 0 L * 1', '0 0 L 2 *', '0 0 31 * *', '0 0 30 * *', '0 0 29 2 *', '0 0 29-31 2,4 *',
  '0 0 */10 * *', '0 0 1/10 * *', '0 0 31 1-4 *', '0 0 * * 5L', '0 0 * * FRIL', '0 0 * * 7L',
  '0 0 * * 1,5L', '0 0 * * 0L,3L', '0 0 * * 1#2', '0 0 * * mon#1', '0 0 * * 5#5', '0 0 * 2 1#5',
  '0 0 * * *#2', '0 0 * * 7#4', '0 0 15 * 1#2', '0 0 * * 7', '0 0 * * 0', '0 0 * * 5-7',
  '0 0 * * 0-7', '0 0 * * 1-7/3', '0 0 * * 2-7/2', '0 0 * * */2', '0 0 * * 3/2', '0 0 15 * */1',
  '0 0 1-31 * 1', '0 0 30 2 1', '0 0 31 4,6,8 *', '0 0 13 6 5L'],
'UTC', ['2026-01-31T10:00:00Z', '2027-02-28T00:00:00Z', '2028-02-29T00:00:00Z', '2099-12-31T23:59:59Z']);

// Clocks go forward at 2:00 to 3:00 and back at 3:00 to 2:00.
const changes = ['30 2 * * *', '*/15 2 * * *', '0 2,3 * * *', '30 2,3 * * *', '0 3 * * *', '0 4 * * *',
  '30 * * * *', '*/20 1-3 * * *', '0 0 * * *', '30 30 1,2 * * *', '0 2 * * 0'];
add(changes, 'Europe/Berlin', ['2026-03-28T12:00:00Z', '2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z',
  '2026-03-29T01:10:00Z', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T00:59:59.999Z',
  '2026-10-25T01:00:00Z', '2026-10-25T01:30:00Z']);
add([...changes, '30 1 * * *'], 'America/New_York', ['2026-03-07T12:00:00Z', '2026-03-08T06:45:00Z',
  '2026-03-08T07:00:00Z', '2026-10-31T12:00:00Z', '2026-11-01T05:30:00Z', '2026-11-01T06:10:00Z']);
// Started in the repeated hour, 5.x passes over hour 2 of the next match too, a year away.
add(['15 2 29 3 *'], 'Europe/Berlin', ['2026-10-25T00:59:59.999Z'], 4);
// Half an hour: 2:00 to 2:30 and 2:00 back to 1:30, at which 5.10 finds nothing any more.
add(['15 2 * * *', '45 2 * * *', '0 3 * * *', '30 1 * * *', '0 0 * * *'], 'Australia/Lord_Howe',
  ['2026-10-03T12:00:00Z', '2026-10-03T15:30:00Z', '2026-04-04T12:00:00Z', '2026-04-04T15:00:00Z'], 4);
add(['*/10 * * * *', '*/10 1-2 * * *'], 'Australia/Lord_Howe',
  ['2026-10-03T15:20:00Z', '2026-04-04T14:20:00Z', '2026-04-04T15:10:00Z'], 4);
// At midnight: 0:00 to 1:00, and 0:00 back to 23:00 of the day before. (The runs of the skipped
// hour, which both releases lose, are in cron_schedule_test.cpp.)
add(['0 1 * * *', '30 23 * * *', '0 12 * * *'], 'America/Sao_Paulo', ['2018-11-03T12:00:00Z']);
add(['0 0 * * *', '0 1 * * *', '30 23 * * *', '0 12 * * *'], 'America/Sao_Paulo',
  ['2018-02-17T12:00:00Z', '2018-02-18T01:45:00Z', '2018-02-18T02:10:00Z']);
add(['30 0 * * *', '0 */6 * * *'], 'Africa/Cairo', ['2026-10-29T12:00:00Z']);
// A day that was left out, and distances that are no whole hours.
add(['0 12 30 12 *', '0 0 * * *'], 'Pacific/Apia', ['2011-12-29T12:00:00Z', '2011-12-30T09:59:59Z']);
add(['0 9 * * 1-5', '*/30 * * * *'], 'Asia/Kathmandu', ['2026-01-02T03:15:00Z', '1999-12-31T18:00:00Z']);
for (const zone of ['europe/berlin', 'utc', 'GMT', 'UTC+3', 'utc-5:30', 'EST5EDT', 'Etc/GMT+3'])
  add(['0 12 * * *'], zone, ['2026-07-01T09:30:00Z']);

writeFileSync(new URL('cron_cases.inc', import.meta.url),
  `// Written by cron_cases.mjs: pattern, zone, from, next\n// clang-format off\n${rows.join('\n')}\n// clang-format on\n`);
console.log(`${rows.length} cases`);
