import { expect, test } from 'vitest';
import { initials, pictureFault } from './picture';

test.each(['', 'https://example.com/me.png?s=80', 'http://example.com/a'])('%j is taken', (url) => {
  expect(pictureFault(url)).toBeUndefined();
});

test.each(['javascript:alert(1)', 'data:image/png;base64,AA', 'me.png', 'https://a b', "https://a/'"])(
  '%j is not',
  (url) => {
    expect(pictureFault(url)).toMatch(/https/);
  },
);

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Ada King Lovelace', 'AL'],
  ['𝒜da', '𝒜'],
  ['  ', ''],
])('%j has the initials %j', (name, letters) => {
  expect(initials(name)).toBe(letters);
});
