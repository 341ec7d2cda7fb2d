import { expect, test } from 'vitest';
import { codeOf } from './code';

test.each([
  ['123456', '123456'],
  [' 123 456\n', '123456'],
  ['12-34-56', '123456'],
  ['１２３４５６', '123456'],
  ['1234567', '123456'],
  ['Your code', ''],
])('%j is the code %s', (text, code) => {
  expect(codeOf(text)).toBe(code);
});
