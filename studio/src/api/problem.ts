import { isRecord, list, number, text } from './json';
import type { FieldError } from './types';

/** An answer of 400 and above, or none at all (status 0). The message is fit to be shown. */
export class ApiError extends Error {
  readonly status: number;
  /** The stable word at the end of the problem's type, such as `no-model`. */
  readonly code: string;
  readonly title: string;
  readonly fields: FieldError[];
  /** Seconds to wait, of a 429. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: unknown) {
    const problem = isRecord(body) ? body : {};
    super(text(problem.detail) || text(problem.title) || fallback(status));
    this.name = 'ApiError';
    this.status = status;
    this.code = text(problem.type).split(':').pop() ?? '';
    this.title = text(problem.title);
    this.retryAfter = number(problem.retryAfter);
    this.fields = list(problem.errors)
      .filter(isRecord)
      .map((error) => ({ field: text(error.field), message: text(error.message) }));
  }
}

function fallback(status: number): string {
  return status === 0 ? 'The server cannot be reached.' : `The server answered with status ${status}.`;
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** The request named an organization that the caller is not in. */
export function isNotMember(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && error.code === 'not-a-member';
}

/** No answer, or one that the server cannot give for now: the same request may succeed later. */
export function isServerFault(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** The server, or what it needs, cannot be reached: it is restarted, or a proxy says so in its place. */
export function isAway(error: unknown): boolean {
  return error instanceof ApiError && [0, 502, 503, 504].includes(error.status);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}

/** What went wrong at a field, by the names that the API gives its fields. */
export function fieldErrors(error: unknown): Record<string, string> {
  return error instanceof ApiError
    ? Object.fromEntries(error.fields.map(({ field, message }) => [field, message]))
    : {};
}
