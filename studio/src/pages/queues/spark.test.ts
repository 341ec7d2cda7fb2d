import { describe, expect, it } from 'vitest';
import { SPARK_MINUTES, sparkOf, sparkStart } from './spark';

const NOW = Date.parse('2026-01-02T10:07:30Z');
const NONE = { count: 0, sum: 0, max: 0, p50: 0, p95: 0, buckets: [] };

function minute(at: string, completed: number, failed: number) {
  const measured = { failedAttempts: 0, waiting: NONE, running: NONE };
  return { minute: `2026-01-02T${at}:00Z`, completed, failed, ...measured };
}

describe('a queue’s last hour', () => {
  it('ends with the minute of now, and its greatest fills the height', () => {
    const start = sparkStart(NOW);
    expect(new Date(start).toISOString()).toBe('2026-01-02T09:08:00.000Z');
    const spark = sparkOf({ items: [minute('09:08', 5, 0), minute('10:07', 30, 10)] }, start);
    expect(spark.bars).toHaveLength(SPARK_MINUTES);
    expect(spark.bars[0]).toEqual({ completed: 0.125, failed: 0 });
    expect(spark.bars.at(-1)).toEqual({ completed: 0.75, failed: 0.25 });
    expect(spark).toMatchObject({ completed: 35, failed: 10 });
  });

  it('leaves out what is older or to come, and is flat without any', () => {
    const spark = sparkOf({ items: [minute('09:07', 5, 1), minute('10:08', 1, 1)] }, sparkStart(NOW));
    expect(spark).toMatchObject({ completed: 0, failed: 0 });
    expect(spark.bars.every((bar) => bar.completed === 0 && bar.failed === 0)).toBe(true);
  });
});
