import { expect, test } from 'vitest';
import { waysOf } from './twoFactorWays';

test.each([
  ['totp', ['app', 'backup']],
  ['totp,otp', ['app', 'mail', 'backup']],
  ['otp', ['mail']],
  ['', ['app', 'backup']],
  [null, ['app', 'backup']],
])('the methods %s leave these ways', (methods, ways) => {
  expect(waysOf(methods)).toEqual(ways);
});
