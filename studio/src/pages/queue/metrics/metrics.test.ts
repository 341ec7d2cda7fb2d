import { describe, expect, it } from 'vitest';
import { linear, logarithmic } from './scale';
import { isRange, pointsOf, rangeStart } from './series';

const NOW = Date.parse('2026-01-02T10:07:30Z');
const NONE = { count: 0, sum: 0, max: 0, p50: 0, p95: 0, buckets: [0, 0, 0] };

function minute(at: string, completed: number, buckets: number[], max: number) {
  const measured = { ...NONE, buckets, max };
  return {
    minute: `2026-01-02T${at}:00Z`,
    completed,
    failed: 1,
    failedAttempts: 1,
    waiting: measured,
    running: NONE,
  };
}

describe('points', () => {
  it('are as many as the range has steps, the last one with now in it', () => {
    const start = rangeStart('6h', NOW);
    expect(new Date(start).toISOString()).toBe('2026-01-02T04:10:00.000Z');
    const points = pointsOf({ bounds: [10, 100], items: [] }, '6h', start);
    expect(points).toHaveLength(72);
    expect(new Date(points[71]?.start ?? 0).toISOString()).toBe('2026-01-02T10:05:00.000Z');
  });

  it('join the minutes of a step', () => {
    const items = [minute('10:05', 4, [3, 1, 0], 60), minute('10:07', 6, [0, 15, 1], 700)];
    const points = pointsOf({ bounds: [10, 100], items }, '6h', rangeStart('6h', NOW));
    expect(points.at(-1)).toMatchObject({ completed: 10, failed: 2, waiting: { p50: 100, p95: 100 } });
    expect(points.at(-1)?.running).toBeUndefined();
    expect(points.at(-2)).toMatchObject({ completed: 0, failed: 0 });
  });

  it('say no more than was measured: neither over the greatest nor over the last bound', () => {
    const start = rangeStart('1h', NOW);
    const only = (buckets: number[], max: number) =>
      pointsOf({ bounds: [10, 100], items: [minute('10:07', 1, buckets, max)] }, '1h', start).at(-1)?.waiting;
    expect(only([1, 0, 0], 3)).toEqual({ p50: 3, p95: 3 });
    expect(only([1, 0, 1], 5000)).toEqual({ p50: 10, p95: 5000 });
  });

  it('leave out what is not in the range', () => {
    const items = [minute('08:00', 9, [1, 0, 0], 1)];
    const points = pointsOf({ bounds: [10, 100], items }, '1h', rangeStart('1h', NOW));
    expect(points.every((point) => point.completed === 0)).toBe(true);
  });

  it.each(['1h', '6h', '24h'])('%s is a range', (word) => expect(isRange(word)).toBe(true));
  it.each([null, '', '2h', 'toString'])('%s is none', (word) => expect(isRange(word)).toBe(false));
});

describe('scales', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 5, 10]],
    [120, [0, 50, 100, 150]],
    [99_000, [0, 50_000, 100_000]],
  ])('counts up to %d have round ticks', (greatest, ticks) => {
    expect(linear(greatest).ticks).toEqual(ticks);
    expect(linear(greatest).place(greatest)).toBeLessThanOrEqual(1);
  });

  it.each([
    [[], [1, 10]],
    [
      [0, 4],
      [1, 10],
    ],
    [
      [10, 10],
      [10, 100],
    ],
    [
      [3, 30, 45_000],
      [1, 10, 100, 1000, 10_000, 60_000],
    ],
    [[4e9], [864_000_000]],
  ])('times %j have ticks ten times apart', (values, ticks) => {
    const scale = logarithmic(values);
    expect(scale.ticks).toEqual(expect.arrayContaining(ticks));
    for (const value of values) {
      expect(scale.place(value)).toBeGreaterThanOrEqual(0);
      expect(scale.place(value)).toBeLessThanOrEqual(1);
    }
  });
});
