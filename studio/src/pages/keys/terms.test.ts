import { expect, test } from 'vitest';
import type { KeyDetails } from '../../api/types';
import type { Draft } from './terms';
import { faultsOf, limitsOf, termsOf } from './terms';

const DRAFT: Draft = {
  name: ' CI ',
  days: 30,
  scopes: ['tasks:read', 'tasks:write', 'queues:read'],
  max: '',
  window: 60_000,
  remaining: '',
  refill: '',
  interval: 86_400_000,
};

test('a draft becomes terms, without what was left empty', () => {
  expect(termsOf(DRAFT)).toEqual({
    name: 'CI',
    permissions: { tasks: ['read', 'write'], queues: ['read'] },
    expiresIn: 2_592_000,
  });
  expect(termsOf({ ...DRAFT, days: 0, max: '5', remaining: '100', refill: '10' })).toEqual({
    name: 'CI',
    permissions: { tasks: ['read', 'write'], queues: ['read'] },
    rateLimitMax: 5,
    rateLimitTimeWindow: 60_000,
    remaining: 100,
    refillAmount: 10,
    refillInterval: 86_400_000,
  });
});

test.each(['0', '-1', '1.5', 'many', '1000000001'])('%s is no number of requests', (remaining) => {
  expect(faultsOf({ ...DRAFT, remaining }).remaining).toBeDefined();
});

test('limits in words', () => {
  const key = {
    rateLimitEnabled: true,
    rateLimitMax: 60,
    rateLimitTimeWindow: 60_000,
    remaining: 1200,
    refillAmount: 2000,
    refillInterval: 86_400_000,
  } as KeyDetails;
  expect(limitsOf(key)).toEqual(['60 requests per minute', '1,200 requests left, 2,000 again every day']);
});
