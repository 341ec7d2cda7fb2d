import { describe, expect, it } from 'vitest';
import { compact, duration, firstLine, money, relative, repositoryName } from './format';

describe('figures', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [1234, '1.2k'],
    [9960, '10k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [5_640_000, '5.6M'],
  ])('%d is %s', (value, shown) => expect(compact(value)).toBe(shown));

  it.each([
    [undefined, 'unknown'],
    [null, 'unknown'],
    [0, '$0.00'],
    [0.00001, '<$0.0001'],
    [0.0123, '$0.0123'],
    [1.5, '$1.50'],
  ])('%s is %s', (value, shown) => expect(money(value)).toBe(shown));

  it.each([
    [0, '0 ms'],
    [412, '412 ms'],
    [3240, '3.2 s'],
    [59_600, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_840_000, '1 h 04 m'],
    [180_000_000, '2 d 2 h'],
  ])('%d ms is %s', (value, shown) => expect(duration(value)).toBe(shown));
});

describe('words', () => {
  const now = Date.parse('2026-01-02T00:00:00Z');
  it.each([
    ['2026-01-02T00:00:00Z', 'just now'],
    ['2026-01-01T23:59:20Z', '40 s ago'],
    ['2026-01-01T23:00:00Z', '1 h ago'],
    ['2025-12-30T00:00:00Z', '3 d ago'],
    ['2026-01-02T00:05:00Z', 'in 5 min'],
    ['nonsense', ''],
  ])('%s is %s', (at, shown) => expect(relative(at, now)).toBe(shown));

  it.each([
    ['https://github.com/acme/shop.git', 'acme/shop'],
    ['https://git.example.com:8443/a/b/c/', 'b/c'],
    ['file:///srv/repos/shop.git', 'repos/shop'],
    ['https://example.com', 'example.com'],
  ])('%s is %s', (url, shown) => expect(repositoryName(url)).toBe(shown));

  it('takes the first line that says something', () => {
    expect(firstLine('\n\n## Fix it\nnow')).toBe('Fix it');
    expect(firstLine('')).toBe('');
  });
});
