import { expect, test } from 'vitest';
import { isChunkError, mayReload } from './chunks';

test.each([
  'Failed to fetch dynamically imported module: http://localhost/assets/KeysPage-a1.js',
  'error loading dynamically imported module: http://localhost/assets/KeysPage-a1.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /assets/AdminLayout-b2.css',
])('%s is about a part of the program', (message) => {
  expect(isChunkError(new TypeError(message))).toBe(true);
});

test.each([
  new Error('x is undefined'),
  'Failed to fetch dynamically imported module',
  undefined,
  { status: 404 },
])('%s is not', (error) => {
  expect(isChunkError(error)).toBe(false);
});

test('a page reloads once by itself, and again only much later or for another page', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  expect(mayReload(storage, '/keys', 1_000)).toBe(true);
  expect(mayReload(storage, '/keys', 2_000)).toBe(false);
  expect(mayReload(storage, '/admin', 3_000)).toBe(true);
  expect(mayReload(storage, '/admin', 60_000)).toBe(true);
});
