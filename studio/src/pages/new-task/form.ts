import type { CreateTask, Limits } from '../../api/types';
import { isPriority } from '../../api/types';
import { isRecord } from '../../api/json';

/** The form as it was typed. */
export interface TaskForm {
  repoUrl: string;
  prompt: string;
  baseBranch: string;
  branch: string;
  push: 'branch' | 'none';
  review: 'none' | 'before-push';
  priority: string;
  agent: string;
  model: string;
  maxTurns: string;
  maxTokens: string;
  maxCostUsd: string;
  maxDurationMinutes: string;
  notBefore: string;
  metadata: string;
}

export const EMPTY_FORM: TaskForm = {
  repoUrl: '',
  prompt: '',
  baseBranch: '',
  branch: '',
  push: 'branch',
  review: 'none',
  priority: 'P2',
  agent: '',
  model: '',
  maxTurns: '',
  maxTokens: '',
  maxCostUsd: '',
  maxDurationMinutes: '',
  notBefore: '',
  metadata: '',
};

export type Errors = Readonly<Record<string, string>>;

/** The request, or what is wrong by the names that the API gives its fields. The server checks all of it again. */
export function toRequest(form: TaskForm): { body: CreateTask } | { errors: Errors } {
  const errors: Record<string, string> = {};
  const limits: Limits = {
    maxTurns: amount(form.maxTurns, 'limits.maxTurns', true, errors),
    maxTokens: amount(form.maxTokens, 'limits.maxTokens', true, errors),
    maxCostUsd: amount(form.maxCostUsd, 'limits.maxCostUsd', false, errors),
    maxDurationSeconds: seconds(form.maxDurationMinutes, errors),
  };
  if (form.repoUrl.trim() === '') errors.repoUrl = 'is missing';
  if (form.prompt.trim() === '') errors.prompt = 'is missing';
  const body: CreateTask = {
    repoUrl: form.repoUrl.trim(),
    prompt: form.prompt,
    agent: optional(form.agent),
    model: optional(form.model),
    priority: isPriority(form.priority) ? form.priority : undefined,
    baseBranch: optional(form.baseBranch),
    branch: optional(form.branch),
    push: form.push,
    review: form.review,
    limits: Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined,
    notBefore: instant(form.notBefore, errors),
    metadata: metadata(form.metadata, errors),
  };
  return Object.keys(errors).length > 0 ? { errors } : { body };
}

function optional(text: string): string | undefined {
  return text.trim() || undefined;
}

function amount(text: string, field: string, whole: boolean, errors: Record<string, string>) {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0 || (whole && !Number.isInteger(value))) {
    errors[field] = whole ? 'must be a whole number above 0' : 'must be a number above 0';
    return undefined;
  }
  return value;
}

function seconds(minutes: string, errors: Record<string, string>): number | undefined {
  const value = amount(minutes, 'limits.maxDurationSeconds', false, errors);
  return value === undefined ? undefined : Math.max(1, Math.round(value * 60));
}

/** A local time, as the browser's date field gives it. */
function instant(text: string, errors: Record<string, string>): string | undefined {
  if (text === '') return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    errors.notBefore = 'is not a time';
    return undefined;
  }
  return time.toISOString();
}

function metadata(text: string, errors: Record<string, string>): CreateTask['metadata'] {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  errors.metadata = 'must be a JSON object, such as {"ticket": "ABC-1"}';
  return undefined;
}
