import { describe, expect, it } from 'vitest';
import { isSearch, listParams, parseSearch, searchOf, searchWords } from './search';

describe('what is typed', () => {
  it.each([
    ['', {}],
    ['  a@example.com ', { text: 'a@example.com' }],
    ['name:mail', { name: 'mail' }],
    ['name:mail a b', { name: 'mail', text: 'a b' }],
    ['name: mail', { text: 'name: mail' }],
    ['rename:x', { text: 'rename:x' }],
  ])('%j is %j', (typed, search) => {
    expect(parseSearch(typed)).toEqual(search);
    expect(searchWords(search)).toBe(typed.trim());
    expect(searchOf(new URLSearchParams(listParams(undefined, search)))).toMatchObject(search);
  });

  it('is kept beside the state', () => {
    expect(listParams('failed', { text: 'x' })).toEqual({ state: 'failed', text: 'x' });
    expect(listParams(undefined, {})).toEqual({});
  });

  it('is a search if it says something', () => {
    expect(isSearch({ name: 'mail' })).toBe(true);
    expect(isSearch({ text: '' })).toBe(false);
  });
});
