import { expect, test } from 'vitest';
import { callbackPath, pathWith, safeTarget } from './target';

test.each([
  '/tasks',
  '/tasks?priority=P1',
  '/tasks/0199-a?tab=diff#L4',
  '/queues/mail/jobs/a%3A1',
  '/account?tab=sessions',
  '/organization?tab=members',
  '/admin/mails',
  '/invitations/0199-a',
  '/o/acme/tasks?q=a',
  '/o/acme/organization',
])('%s is a page to return to', (to) => {
  expect(safeTarget(to)).toBe(to);
});

test.each([
  null,
  undefined,
  '',
  'tasks',
  '//evil.example/tasks',
  '/\\evil.example/tasks',
  '/\t/evil.example/tasks',
  'https://evil.example/tasks',
  'https:evil.example',
  'javascript:alert(1)',
  '/%2f/evil.example',
  '/api/auth/sign-out',
  '/tasks/../api/me',
  '/tasks/%2e%2e/api/me',
  '/sign-in',
  '/sign-in?to=/sign-in',
  '/sign-up',
  '/tasksx',
  '/o/acme',
  '/o/acme/api/me',
  '/o/acme/../../api/me',
  '/o/acme/o/acme/tasks',
  '/',
])('%s is none', (to) => {
  expect(safeTarget(to)).toBe('/tasks');
});

test('parameters are encoded, and left out without a value', () => {
  expect(pathWith('/sign-in', { to: undefined })).toBe('/sign-in');
  expect(pathWith('/sign-in', { notice: 'reset', to: "/tasks?q=it's (a) b&c" })).toBe(
    '/sign-in?notice=reset&to=%2Ftasks%3Fq%3Dit%27s%20%28a%29%20b%26c',
  );
});

test('a callback has no character that the server refuses', () => {
  expect(callbackPath("/queues/mail/jobs/a:1?q=it's&x=(1)")).toBe(
    '/queues/mail/jobs/a%3A1?q=it%27s&x=%281%29',
  );
  expect(callbackPath('/tasks?to=%2Ftasks')).toBe('/tasks?to=%2Ftasks');
});
