import { expect, test } from 'vitest';
import { ApiError } from '../api/problem';
import { explain, explainCode, problemFields, waitWords } from './problems';

function problem(status: number, code: string, more: object = {}) {
  return new ApiError(status, {
    type: `urn:mainstay:problem:${code}`,
    detail: 'as the server says',
    ...more,
  });
}

test.each([
  ['INVALID_TOKEN', /link is not valid any more/],
  ['TOKEN_EXPIRED', /link is not valid any more/],
  ['BANNED_USER', /banned/],
  ['INVALID_USER', /another account/],
  ['EMAIL_NOT_VERIFIED', /not confirmed/],
  ['invalid-two-factor-cookie', /taken too long/],
  ['invitation-not-found', /invitation is not valid any more/],
])('%s has a sentence', (code, sentence) => {
  expect(explainCode(code).title).toMatch(sentence);
});

test('an unknown code shows nothing of itself', () => {
  const { title, advice } = explainCode('<b>Call +1 555 0100</b>');
  expect(title + advice).not.toMatch(/555/);
});

test('a 429 says how long to wait', () => {
  expect(explain(problem(429, 'too-many-requests', { retryAfter: 840 }), 'Not signed in').advice).toBe(
    'Try again in 14 minutes.',
  );
  expect(waitWords(1)).toBe('1 second');
  expect(waitWords(61)).toBe('61 seconds');
});

test('what is not known is said in the words of the server', () => {
  expect(explain(problem(409, 'new-code'), 'Not saved')).toEqual({
    title: 'Not saved',
    advice: 'as the server says',
  });
  expect(explain(new ApiError(0, undefined), 'Not saved').advice).toBe('The server cannot be reached.');
});

test('some codes belong to a field', () => {
  expect(problemFields(problem(400, 'password-compromised'))).toHaveProperty('newPassword');
  expect(problemFields(problem(400, 'invalid-otp'))).toHaveProperty('otp');
  expect(
    problemFields(problem(400, 'invalid-input', { errors: [{ field: 'name', message: 'is too long' }] })),
  ).toEqual({ name: 'is too long' });
  expect(problemFields(problem(401, 'invalid-email-or-password'))).toEqual({});
});
