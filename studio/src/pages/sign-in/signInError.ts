import { ApiError, messageOf } from '../../api/problem';

export interface SignInError {
  title: string;
  advice: string;
}

export function signInError(error: unknown): SignInError {
  if (!(error instanceof ApiError)) {
    return { title: 'Not signed in', advice: messageOf(error) };
  }
  switch (error.code) {
    case 'link-not-valid':
      return {
        title: 'This link was used already, or is too old',
        advice: 'A link works once, within an hour. Sign in by a key instead.',
      };
    case 'key-not-valid':
      return { title: 'This key is not known', advice: 'It may be revoked, or not be whole.' };
    case 'too-many-requests':
      return { title: 'Too many attempts', advice: `Try again in ${error.retryAfter ?? 60} seconds.` };
    default:
      return { title: 'Not signed in', advice: error.message };
  }
}
