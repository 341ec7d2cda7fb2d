// Writes the table that CronExpressionTest compares with: pattern, zone, start, and the ten next times of cron-parser, each
// asked for by itself from the one before, as BullMQ does. Needs `npm install cron-parser@5.10.5`.
import { CronExpressionParser } from 'cron-parser';

const plain = [
  '* * * * * *', '*/5 * * * * *', '*/7 * * * * *', '15 * * * * *', '15,45 * * * * *', '10-20 * * * * *', '10-40/10 * * * * *',
  '59 59 23 31 12 *', '0 * * * * *', '0 */15 * * * *', '0 5/20 * * * *', '30 30 * * * *', '* * * * *', '*/5 * * * *',
  '*/45 * * * *', '0 * * * *', '0,30 * * * *', '1-59/2 * * * *', '3 4 * * *', '0 0 * * *', '0 12 * * *', '0 9-17 * * *',
  '*/20 9-17 * * *', '0 9,12,18 * * *', '0 */6 * * *', '0 1/5 * * *', '0 22-23 * * *', '30 8 * * 1-5', '0 0 * * 0', '0 0 * * 7',
  '0 0 * * 1', '0 0 * * 1,3,5', '0 0 * * 0,6', '0 0 * * 5-7', '0 0 * * 0-6', '0 0 * * 1-7', '0 0 * * */2', '0 0 * * 2/2',
  '0 0 * * MON', '0 0 * * mon-fri', '0 0 * * SUN,sat', '0 0 1 * *', '0 0 15 * *', '0 0 31 * *', '0 0 30 * *', '0 0 29 * *',
  '0 0 1,15 * *', '0 0 1-7 * *', '0 0 */10 * *', '0 0 10-20/5 * *', '0 0 L * *', '0 0 L 2 *', '0 0 1,L * *', '0 12 L 6,9 *',
  '0 0 1 1 *', '0 0 1 */3 *', '0 0 1 1,7 *', '0 0 1 JAN *', '0 0 1 jan-mar *', '0 0 25 DEC *', '0 0 29 2 *', '0 0 31 1-6 *',
  '0 0 30 2,4 *', '0 0 28-31 2 *', '0 0 13 * 5', '0 0 1 * 1', '0 0 1,15 * 3', '0 0 31 2 1', '0 0 */2 * 1', '0 0 * 2 *',
  '0 0 * * 5L', '0 0 * * 1L', '0 0 * * 7L', '0 0 * * 0L', '0 0 * * 1,5L', '0 0 * * 1L,3L', '0 0 * 2 3L', '0 0 * * 5#1',
  '0 0 * * 5#2', '0 0 * * 1#3', '0 0 * * 0#4', '0 0 * * 7#1', '0 0 * * 3#5', '0 0 * * MON#1', '0 8 1 * 5#2', '0 8 L * 5L',
  '? ? * * *', '0 0 ? * 1', '0 0 1 * ?', '0 0 ?/5 * *', '5', '5 4', '5 4 3', '5 4 3 2', '@yearly', '@annually', '@monthly', '@weekly',
  '@daily', '@hourly', '@minutely', '@secondly', '@weekdays', '@weekends', '  0   0  *  *  * ', '0 0 0 1 1 1', '0 0 0 29 2 1#5',
];
// Patterns around the clock changes of each zone, from shortly before them.
const changes = [
  ['Europe/Berlin', ['2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z']],
  ['America/New_York', ['2026-03-08T03:00:00Z', '2026-11-01T01:00:00Z']],
  ['Australia/Sydney', ['2026-04-04T12:00:00Z', '2026-10-03T12:00:00Z']],
  ['America/Santiago', ['2026-04-04T23:00:00Z', '2026-09-05T23:00:00Z']],
];
const around = [
  '30 2 * * *', '0 2 * * *', '15 2,3 * * *', '0 3 * * *', '*/20 2 * * *', '*/30 * * * *', '0 * * * *', '30 1 * * *', '0 1-3 * * *',
  '0,30 1 * * *', '0 0 * * *', '30 0 * * *', '0 */2 * * *', '30 23 * * *',
];
const rows = [];
function row(pattern, tz, start) {
  const times = [];
  let at = new Date(start);
  for (let i = 0; i < 10; i++) {
    at = CronExpressionParser.parse(pattern, { currentDate: at, tz }).next().toDate();
    times.push(at.toISOString().replace('.000Z', 'Z'));
  }
  rows.push([pattern, tz, start, ...times].join('\t'));
}
for (const pattern of plain) row(pattern, 'UTC', '2026-11-23T10:11:12.345Z');
for (const [tz, starts] of changes) for (const start of starts) for (const pattern of around) row(pattern, tz, start);
console.log(rows.join('\n'));
