import { describe, expect, it } from 'vitest';
import { formOf, limitsOf, limitWords } from './limits';

describe('limitsOf', () => {
  it('gives what was typed', () => {
    const limits = { concurrency: 4, rate: { max: 100, duration: 1500 } };
    const errors = {};
    expect(limitsOf(formOf(limits), errors)).toEqual(limits);
    expect(errors).toEqual({});
  });

  it('leaves out what is empty', () => {
    expect(limitsOf(formOf({}), {})).toEqual({});
  });

  it('notes what is wrong', () => {
    const errors: Record<string, string> = {};
    limitsOf({ concurrency: '0', rateMax: '5', rateSeconds: '0', unitsMax: 'x', unitsSeconds: '60' }, errors);
    expect(Object.keys(errors)).toEqual(['concurrency', 'rateSeconds', 'unitsMax']);
  });
});

it('says the limits in words', () => {
  expect(
    limitWords({ concurrency: 1000, rate: { max: 5, duration: 1000 }, units: { max: 9, duration: 60_000 } }),
  ).toEqual(['at most 1,000 at once', '5 starts in 1.0 s', '9 units in 1 m 00 s']);
  expect(limitWords({})).toEqual([]);
});
