import { expect, test } from 'vitest';
import { toBytes, toText } from './webauthn';

test.each([
  ['', []],
  ['AA', [0]],
  ['-_8', [251, 255]],
  ['aGVsbG8', [104, 101, 108, 108, 111]],
])('base64url %j and back', (text, bytes) => {
  expect(Array.from(toBytes(text))).toEqual(bytes);
  expect(toText(Uint8Array.from(bytes).buffer)).toBe(text);
});
