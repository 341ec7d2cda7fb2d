import type { QueueMetrics } from '../../api/types';

export const SPARK_MINUTES = 60;
const MINUTE = 60_000;

/** What a minute's bar shows, as parts of the height. */
export interface Bar {
  completed: number;
  failed: number;
}

export interface Spark {
  bars: Bar[];
  completed: number;
  failed: number;
}

/** The first of the minutes, of which the last one is that of `now`. */
export function sparkStart(now: number): number {
  return (Math.floor(now / MINUTE) - SPARK_MINUTES + 1) * MINUTE;
}

/** One bar for each minute; the highest one fills the height. */
export function sparkOf({ items }: Pick<QueueMetrics, 'items'>, start: number): Spark {
  const bars: Bar[] = Array.from({ length: SPARK_MINUTES }, () => ({ completed: 0, failed: 0 }));
  for (const { minute, completed, failed } of items) {
    const bar = bars[Math.floor((Date.parse(minute) - start) / MINUTE)];
    if (bar) {
      bar.completed += completed;
      bar.failed += failed;
    }
  }
  const sum = (of: (bar: Bar) => number) => bars.reduce((total, bar) => total + of(bar), 0);
  const completed = sum((bar) => bar.completed);
  const failed = sum((bar) => bar.failed);
  const top = Math.max(1, ...bars.map((bar) => bar.completed + bar.failed));
  return {
    bars: bars.map((bar) => ({ completed: bar.completed / top, failed: bar.failed / top })),
    completed,
    failed,
  };
}
