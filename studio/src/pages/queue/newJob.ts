import type { NewJob } from '../../api/types';
import { json, whole } from './whole';

/** What is typed into the form of a new job. */
export interface JobForm {
  queue: string;
  name: string;
  data: string;
  priority: string;
  delaySeconds: string;
  attempts: string;
}

export const EMPTY_JOB: JobForm = {
  queue: '',
  name: '',
  data: '{}',
  priority: 'P0',
  delaySeconds: '',
  attempts: '',
};

/**
 * The request, or the fields that keep it from being made. What the server checks as well is left to it.
 */
export function jobOf(form: JobForm): { job: NewJob } | { errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const data = json(form.data, 'data', errors);
  const delay = whole(form.delaySeconds, 'opts.delay', errors);
  const attempts = whole(form.attempts, 'opts.attempts', errors);
  if (form.queue.trim() === '') {
    errors.queue = 'must be given';
  }
  if (Object.keys(errors).length > 0) {
    return { errors };
  }
  return {
    job: {
      name: form.name.trim(),
      data,
      opts: {
        priority: form.priority as 'P0',
        ...(delay !== undefined && { delay: delay * 1000 }),
        ...(attempts !== undefined && { attempts }),
      },
    },
  };
}
