import { expect, test } from 'vitest';
import { pieces } from './links';

test('addresses are links, the rest is text', () => {
  expect(pieces('Open it:\n\nhttps://a.example/x?token=1&callbackURL=%2F\n\nBye.')).toEqual([
    { text: 'Open it:\n\n' },
    {
      text: 'https://a.example/x?token=1&callbackURL=%2F',
      href: 'https://a.example/x?token=1&callbackURL=%2F',
    },
    { text: '\n\nBye.' },
  ]);
});

test('a sentence’s end is not the address’s', () => {
  expect(pieces('(see http://a.example/b).')).toEqual([
    { text: '(see ' },
    { text: 'http://a.example/b', href: 'http://a.example/b' },
    { text: ').' },
  ]);
});

test.each(['', 'javascript:alert(1)', 'data:text/html,x', '<a href="//x">'])('%j has none', (text) => {
  expect(pieces(text).filter((piece) => piece.href)).toEqual([]);
});
