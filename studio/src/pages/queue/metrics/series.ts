import type { QueueMetrics } from '../../../api/types';

export type Range = '1h' | '6h' | '24h';

/** Minutes that are shown, and minutes that one point stands for. */
const SPANS: Readonly<Record<Range, { minutes: number; step: number }>> = {
  '1h': { minutes: 60, step: 1 },
  '6h': { minutes: 360, step: 5 },
  '24h': { minutes: 1440, step: 15 },
};

const MINUTE = 60_000;

/** Times in milliseconds; none if nothing was measured. */
export interface Percentiles {
  p50: number;
  p95: number;
}

export interface Point {
  /** Epoch milliseconds at which it begins. */
  start: number;
  completed: number;
  failed: number;
  waiting: Percentiles | undefined;
  running: Percentiles | undefined;
}

type Minute = QueueMetrics['items'][number];
type Measured = Minute['waiting'];

export function isRange(word: string | null): word is Range {
  return word !== null && Object.hasOwn(SPANS, word);
}

export function stepMinutes(range: Range): number {
  return SPANS[range].step;
}

/** When the first point of a range begins. The last one is the one that `now` is in. */
export function rangeStart(range: Range, now: number): number {
  const { minutes, step } = SPANS[range];
  return Math.floor(now / (step * MINUTE)) * step * MINUTE - (minutes - step) * MINUTE;
}

/** One point for each step of the range, the empty ones too. */
export function pointsOf(metrics: QueueMetrics, range: Range, start: number): Point[] {
  const { minutes, step } = SPANS[range];
  const groups: Minute[][] = Array.from({ length: minutes / step }, () => []);
  for (const minute of metrics.items) {
    groups[Math.floor((Date.parse(minute.minute) - start) / (step * MINUTE))]?.push(minute);
  }
  return groups.map((group, index) => ({
    start: start + index * step * MINUTE,
    completed: sum(group.map((minute) => minute.completed)),
    failed: sum(group.map((minute) => minute.failed)),
    waiting: percentiles(
      metrics.bounds,
      group.map((minute) => minute.waiting),
    ),
    running: percentiles(
      metrics.bounds,
      group.map((minute) => minute.running),
    ),
  }));
}

function percentiles(bounds: readonly number[], measured: readonly Measured[]): Percentiles | undefined {
  const counts = Array.from({ length: bounds.length + 1 }, (_, i) =>
    sum(measured.map((one) => one.buckets[i] ?? 0)),
  );
  const greatest = Math.max(0, ...measured.map((one) => one.max));
  const total = sum(counts);
  const at = (part: number) => {
    let seen = 0;
    const bucket = counts.findIndex((count) => (seen += count) >= Math.max(1, Math.ceil(part * total)));
    return Math.min(bounds[bucket] ?? greatest, greatest);
  };
  return total === 0 ? undefined : { p50: at(0.5), p95: at(0.95) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
