import { expect, test } from 'vitest';
import { secretOf } from './otpauth';

test('a secret is shown in groups of four', () => {
  expect(secretOf('otpauth://totp/Mainstay:a%40b.c?secret=ABCDEFGHIJ&issuer=Mainstay')).toBe('ABCD EFGH IJ');
  expect(secretOf('otpauth://totp/x?secret=ABCDEFGH')).toBe('ABCD EFGH');
  expect(secretOf('')).toBe('');
});
