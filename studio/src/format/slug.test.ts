import { expect, test } from 'vitest';
import { slugFault, slugOf } from './slug';

test.each([
  ['The Analytical Society', 'the-analytical-society'],
  ['  Zürich & Genève! ', 'zurich-geneve'],
  ['---', ''],
])('the slug of %j', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test.each(['a', 'a-b_c.d', '1'])('%j is a slug', (slug) => expect(slugFault(slug)).toBeUndefined());
test.each(['', 'A', '-a', 'a--b', 'a b'])('%j is none', (slug) => expect(slugFault(slug)).toBeDefined());
