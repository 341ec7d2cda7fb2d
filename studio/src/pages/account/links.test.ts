import { expect, test } from 'vitest';
import type { Account } from '../../api/types';
import { linksOf } from './links';

function account(providerId: string): Account {
  return {
    id: `of ${providerId}`,
    providerId,
    accountId: '1',
    userId: 'user',
    scopes: [],
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  };
}

const GITHUB = { id: 'github', name: 'GitHub' };
const GOOGLE = { id: 'google', name: 'Google' };

test('what is linked, and what is not yet', () => {
  const { linked, open } = linksOf([account('credential'), account('github')], [GITHUB, GOOGLE]);
  expect(linked.map(({ provider }) => provider)).toEqual([GITHUB]);
  expect(open).toEqual([GOOGLE]);
});

test('a provider that is gone is shown by its id', () => {
  const { linked, open } = linksOf([account('old')], []);
  expect(linked.map(({ provider }) => provider.name)).toEqual(['old']);
  expect(open).toEqual([]);
});
