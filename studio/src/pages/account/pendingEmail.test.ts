import { afterEach, expect, test } from 'vitest';
import type { User } from '../../api/types';
import { forgetPendingEmail, notePendingEmail, pendingEmail } from './pendingEmail';

const user = { id: 'u1', email: 'old@example.com' } as User;

afterEach(() => localStorage.clear());

test('an address waits for its own user, until it is theirs', () => {
  notePendingEmail(user, 'new@example.com');
  expect(pendingEmail(user)).toBe('new@example.com');
  expect(pendingEmail({ ...user, id: 'u2' })).toBeUndefined();
  expect(pendingEmail({ ...user, email: 'new@example.com' })).toBeUndefined();
});

test('it waits for an hour, or until it is given up', () => {
  notePendingEmail(user, 'new@example.com');
  expect(pendingEmail(user, Date.now() + 3_601_000)).toBeUndefined();
  forgetPendingEmail();
  expect(pendingEmail(user)).toBeUndefined();
});

test('what is stored may be anything', () => {
  localStorage.setItem('mainstay.new-email', '{"user":1');
  expect(pendingEmail(user)).toBeUndefined();
  localStorage.setItem('mainstay.new-email', '[]');
  expect(pendingEmail(user)).toBeUndefined();
});
