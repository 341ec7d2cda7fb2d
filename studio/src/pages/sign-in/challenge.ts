import { ApiError } from '../../api/problem';
import { pathWith } from '../../app/target';

/** After these the first factor has to be given again. */
const OVER = ['invalid-two-factor-cookie', 'too-many-attempts-request-new-code'];

export function isOver(error: unknown): error is ApiError {
  return error instanceof ApiError && OVER.includes(error.code);
}

/** The sign-in, which says why it is there again and still leads to where somebody wanted to go. */
export function startPath(error: ApiError, target: string): string {
  return pathWith('/sign-in', { to: target, error: error.code });
}
