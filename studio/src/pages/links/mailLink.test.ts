import { describe, expect, it } from 'vitest';
import { ownPath, parseMailLink } from './mailLink';

describe('a link of a mail', () => {
  it.each([
    ['#token=a-b_c&callbackURL=%2Ftasks', { token: 'a-b_c', callbackURL: '/tasks' }],
    ['#callbackURL=%2F&token=x&utm_source=mail', { token: 'x', callbackURL: '/' }],
    ['#token=x&newUserCallbackURL=%2Fhi', { token: 'x', newUserCallbackURL: '/hi' }],
  ])('%s is read', (fragment, expected) => {
    expect(parseMailLink(fragment)).toMatchObject(expected);
  });

  it.each(['', '#', '#token=', '#callbackURL=%2F'])('“%s” has no token', (fragment) => {
    expect(parseMailLink(fragment)).toBeUndefined();
  });
});

describe('a page of this site', () => {
  it.each([
    ['/tasks?a=b#c', '/tasks?a=b#c'],
    ['https://here.example/x', '/x'],
    ['https://evil.example/x', undefined],
    ['//evil.example/x', undefined],
    ['javascript:alert(1)', undefined],
    ['myapp://open', undefined],
    [undefined, undefined],
  ])('%s', (url, expected) => {
    expect(ownPath(url, 'https://here.example')).toBe(expected);
  });
});
