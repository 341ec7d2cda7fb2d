import type { GroupLimits, RateLimit } from '../../api/types';
import { count, duration } from '../../format/format';
import { whole } from './whole';

/** What is typed into the fields of one set of limits; empty is no limit. */
export interface LimitsForm {
  concurrency: string;
  rateMax: string;
  rateSeconds: string;
  unitsMax: string;
  unitsSeconds: string;
}

export function formOf({ concurrency, rate, units }: GroupLimits): LimitsForm {
  return {
    concurrency: concurrency?.toString() ?? '',
    rateMax: rate?.max.toString() ?? '',
    rateSeconds: rate ? String(rate.duration / 1000) : '60',
    unitsMax: units?.max.toString() ?? '',
    unitsSeconds: units ? String(units.duration / 1000) : '60',
  };
}

/** The limits; what is wrong is noted by the name of its field. */
export function limitsOf(form: LimitsForm, errors: Record<string, string>): GroupLimits {
  const concurrency = whole(form.concurrency, 'concurrency', errors, 1);
  const rate = rateOf(form.rateMax, form.rateSeconds, 'rate', errors);
  const units = rateOf(form.unitsMax, form.unitsSeconds, 'units', errors);
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(rate && { rate }),
    ...(units && { units }),
  };
}

function rateOf(
  max: string,
  seconds: string,
  field: string,
  errors: Record<string, string>,
): RateLimit | undefined {
  const value = whole(max, `${field}Max`, errors, 1);
  if (value === undefined) return undefined;
  const time = Number(seconds);
  if (seconds.trim() === '' || !(time >= 0.001)) {
    errors[`${field}Seconds`] = 'must be a number of seconds above 0';
    return undefined;
  }
  return { max: value, duration: Math.round(time * 1000) };
}

/** In words, for example "at most 4 at once, 100 starts in 1 m 00 s". */
export function limitWords({ concurrency, rate, units }: GroupLimits): string[] {
  return [
    concurrency != null && `at most ${count(concurrency)} at once`,
    rate && `${count(rate.max)} starts in ${duration(rate.duration)}`,
    units && `${count(units.max)} units in ${duration(units.duration)}`,
  ].filter((words): words is string => typeof words === 'string');
}
