import type { NewJob } from '../../api/types';

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
  const data = parse(form.data, errors);
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

function parse(text: string, errors: Record<string, string>): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    errors.data = error instanceof Error ? `is not valid JSON: ${error.message}` : 'is not valid JSON';
    return null;
  }
}

function whole(text: string, field: string, errors: Record<string, string>): number | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    errors[field] = 'must be a whole number';
    return undefined;
  }
  return value;
}
