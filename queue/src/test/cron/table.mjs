// Writes the tables that CronExpressionTest compares with: without an argument pattern, zone, start, and the ten next times of cron-parser, each
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
// `midnight`: days of which the clock leaves out the first hour, the last, or all; five times each.
const midnights = [
  ['America/Santiago', ['2026-09-05', '2027-09-04']], ['Asia/Beirut', ['2026-03-28']], ['Africa/Cairo', ['2026-04-23']],
  ['America/Asuncion', ['2023-09-30']], ['America/Sao_Paulo', ['2018-11-03']], ['America/Havana', ['2026-03-07']],
  ['Asia/Tehran', ['2021-03-20']], ['Asia/Amman', ['2021-03-25']], ['Asia/Damascus', ['2021-03-25']],
  ['America/Scoresbysund', ['2026-03-28']], ['America/Nuuk', ['2026-03-28']], ['Pacific/Apia', ['2011-12-28']],
  ['Atlantic/Azores', ['2026-03-28']],
];
const overMidnight = [
  '*/27 */11 10-29/5 9 */7', '0 0 * * *', '30 0 * * *', '0 * * * *', '*/30 * * * *', '0 23 * * *', '0 0,23 * * *', '30 0,22-23 * * *',
  '*/20 0-1 * * *', '15 0-1,23 * * *', '0 0 * * 0', '0 0,23 * * 6,0', '30 0,12 * * 5,6', '0 0,1 * * *', '59 59 23 * * *',
  '0 0 1-31/2 * *', '0 0,23 1-31/2 * *', '0 */2 * * *', '45 22,23,0 * * *', '0 0 * 3,4,9,10,11 *', '0 0,23 L * *', '0 0,23 1 * *',
  '* 0,23 * * *', '*/30 */30 23,0 * * *', '0 22-23 * * *', '10 20-23,0 * * *',
];
// `hashed`: what H stands for by a seed, in place of a zone and a start.
const seeds = ['daily', 'a', 'mail-report', 'ÄÖ', '\u{1f600}', '0', 'x'.repeat(200)];
const withHash = [
  'H * * * *', 'H H * * *', 'H H H * *', 'H H H H *', 'H H * * H', 'H H H * * *', 'H/15 * * * *', 'H(0-29) * * * *', 'H(0-29)/10 * * * *',
  'H(10-200)/7 * * * *', 'H(50-55)/30 H * * *', '0 H(9-17) * * 1-5', 'H,H(60-61)/2 * * * *', 'H/99999999999 * * * *', '0 0 H(1-7) * *',
  '0 0 H/10 * *', '0 0 * H/3 MON', '0 0 H(28-28) * *', '5,H(40-59) * * * *',
];
const rows = [];
function row(pattern, tz, start, count = 10) {
  const times = [];
  let at = new Date(start);
  for (let i = 0; i < count; i++) {
    at = CronExpressionParser.parse(pattern, { currentDate: at, tz }).next().toDate();
    times.push(at.toISOString().replace('.000Z', 'Z'));
  }
  rows.push([pattern, tz, start, ...times].join('\t'));
}
function hashed(pattern, hashSeed) {
  const times = [];
  let at = new Date('2026-01-01T00:00:00Z');
  try {
    for (let i = 0; i < 4; i++) {
      at = CronExpressionParser.parse(pattern, { currentDate: at, tz: 'UTC', hashSeed }).next().toDate();
      times.push(at.toISOString().replace('.000Z', 'Z'));
    }
  } catch {
    return; // the numbers of this seed make no pattern
  }
  rows.push([pattern, hashSeed, ...times].join('\t'));
}
if (process.argv[2] === 'midnight') {
  for (const [tz, days] of midnights)
    for (const day of days) for (const pattern of overMidnight) row(pattern, tz, `${day}T02:00:00Z`, 5);
} else if (process.argv[2] === 'hashed') {
  for (const seed of seeds) for (const pattern of withHash) hashed(pattern, seed);
} else {
  for (const pattern of plain) row(pattern, 'UTC', '2026-11-23T10:11:12.345Z');
  for (const [tz, starts] of changes) for (const start of starts) for (const pattern of around) row(pattern, tz, start);
}
console.log(rows.join('\n'));
