/** From a value to its place above the bottom of a chart, 0 to 1, and the values that its axis names. */
export interface Scale {
  place: (value: number) => number;
  ticks: number[];
}

/** Counts: from nothing to a round number that all fit under. */
export function linear(greatest: number): Scale {
  const step = roundStep(Math.max(1, greatest) / 3);
  const top = Math.ceil(Math.max(1, greatest) / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  return { place: (value) => value / top, ticks };
}

/** 1, 2 or 5 with as many noughts as it takes; whole, for there is no half job. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return ([1, 2, 5].find((digit) => digit * power >= least) ?? 10) * power;
}

/** What a clock shows, in milliseconds. */
const TIMES = [1, 10, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 86_400_000, 864_000_000];

/** Times in milliseconds: each tick is some ten times the one below, so that one outlier does not flatten the rest. */
export function logarithmic(values: readonly number[]): Scale {
  const greatest = Math.max(1, ...values);
  const least = Math.max(1, Math.min(greatest, ...values));
  const last = TIMES.length - 1;
  const from = Math.min(
    last - 1,
    TIMES.findLastIndex((time) => time <= least),
  );
  const above = TIMES.findIndex((time) => time >= greatest);
  const to = Math.max(from + 1, above < 0 ? last : above);
  const ticks = TIMES.slice(from, to + 1);
  const bottom = Math.log(ticks[0] ?? 1);
  const height = Math.log(ticks.at(-1) ?? 10) - bottom;
  const place = (value: number) => Math.min(1, Math.max(0, (Math.log(Math.max(1, value)) - bottom) / height));
  return { place, ticks };
}
