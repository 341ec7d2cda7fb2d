import { expect, test } from 'vitest';
import { passwordAdvice, passwordFault } from './password';

test.each([
  ['', 0, /At least 8/],
  ['seven77', 0, /1 more character/],
  ['abc', 0, /5 more characters/],
  ['🙂🙂🙂🙂', 0, /4 more characters/],
  ['aaaaaaaaaaaaaaaa', 1, /few different/],
  ['eight888', 1, /longer is safer/],
  ['twelve chars', 2, /Good/],
  ['correct horse battery', 3, /Strong/],
  ['x'.repeat(129), 0, /At most 128/],
] as const)('%s has level %d', (password, level, says) => {
  expect(passwordAdvice(password)).toEqual({ level, says: expect.stringMatching(says) as string });
});

test('a part of the address is refused', () => {
  expect(passwordFault('Somebody', 'somebody@example.com')).toMatch(/address/);
  expect(passwordFault('somebody', '')).toBeUndefined();
  expect(passwordFault('')).toBe('Choose a password');
});
