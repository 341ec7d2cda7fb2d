import type { JobScheduler, NewScheduler } from '../../api/types';
import { duration } from '../../format/format';
import { json, whole } from './whole';

/** What is typed into the form of a job scheduler. */
export interface SchedulerForm {
  id: string;
  name: string;
  kind: 'pattern' | 'every';
  pattern: string;
  tz: string;
  everySeconds: string;
  limit: string;
  data: string;
}

export function formOf(scheduler: JobScheduler | undefined, zone: string): SchedulerForm {
  return {
    id: scheduler?.id ?? '',
    name: scheduler?.template.name ?? '',
    kind: scheduler?.every == null ? 'pattern' : 'every',
    pattern: scheduler?.pattern ?? '0 9 * * 1-5',
    tz: scheduler?.tz ?? zone,
    everySeconds: scheduler?.every == null ? '300' : String(scheduler.every / 1000),
    limit: scheduler?.limit?.toString() ?? '',
    data: scheduler ? JSON.stringify(scheduler.template.data, null, 2) : '{}',
  };
}

/**
 * The request, or the fields that keep it from being made. What the form does not show of a scheduler that
 * is changed stays as it is.
 */
export function schedulerOf(
  form: SchedulerForm,
  before: JobScheduler | undefined,
): { scheduler: NewScheduler } | { errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const limit = whole(form.limit, 'limit', errors, 1);
  const data = json(form.data, 'template.data', errors);
  if (form.id.trim() === '') errors.id = 'must be given';
  const every = Number(form.everySeconds);
  if (form.kind === 'every' && !(every >= 0.001)) errors.every = 'must be a number of seconds above 0';
  if (Object.keys(errors).length > 0) return { errors };
  const { startDate, endDate, offset } = before ?? {};
  return {
    scheduler: {
      ...(form.kind === 'pattern'
        ? { pattern: form.pattern.trim(), tz: form.tz.trim() }
        : { every: Math.round(every * 1000), ...(offset != null && { offset }) }),
      ...(startDate != null && { startDate }),
      ...(endDate != null && { endDate }),
      ...(limit !== undefined && { limit }),
      template: { name: form.name.trim(), data, ...(before && { opts: optionsOf(before) }) },
    },
  };
}

/** Its jobs' options as a request takes them. */
function optionsOf({ template }: JobScheduler): NonNullable<NewScheduler['template']['opts']> {
  const { delay, removeOnComplete, removeOnFail, ...opts } = template.opts;
  void delay; // the schedule sets it
  return {
    ...opts,
    removeOnComplete: removeOnComplete.count == null ? { ...removeOnComplete } : removeOnComplete,
    removeOnFail: removeOnFail.count == null ? { ...removeOnFail } : removeOnFail,
  };
}

/** When it adds its jobs, in words. */
export function scheduleWords({ pattern, tz, every }: JobScheduler): string {
  return pattern == null ? `every ${duration(every ?? 0)}` : `${pattern} (${tz ?? 'UTC'})`;
}
