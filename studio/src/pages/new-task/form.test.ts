import { expect, it } from 'vitest';
import { EMPTY_FORM, toRequest } from './form';

const GOOD = { ...EMPTY_FORM, repoUrl: ' https://example.com/a.git ', prompt: 'Fix it' };

it('sends what was filled in, and nothing else', () => {
  const request = toRequest(GOOD);
  expect(JSON.parse(JSON.stringify(request))).toEqual({
    body: {
      repoUrl: 'https://example.com/a.git',
      prompt: 'Fix it',
      priority: 'P2',
      push: 'branch',
      review: 'none',
    },
  });
});

it('turns limits, times and metadata into what the API takes', () => {
  expect(
    toRequest({
      ...GOOD,
      maxTurns: '20',
      maxCostUsd: '0.5',
      maxDurationMinutes: '1.5',
      notBefore: '2030-01-01T00:00',
      metadata: '{"ticket":"A-1"}',
    }),
  ).toMatchObject({
    body: {
      limits: { maxTurns: 20, maxCostUsd: 0.5, maxDurationSeconds: 90 },
      notBefore: new Date('2030-01-01T00:00').toISOString(),
      metadata: { ticket: 'A-1' },
    },
  });
});

it('says at which field something is wrong', () => {
  const request = toRequest({
    ...EMPTY_FORM,
    maxTurns: '1.5',
    maxTokens: 'many',
    maxCostUsd: '-1',
    metadata: '[1]',
  });
  expect('errors' in request && Object.keys(request.errors).sort()).toEqual([
    'limits.maxCostUsd',
    'limits.maxTokens',
    'limits.maxTurns',
    'metadata',
    'prompt',
    'repoUrl',
  ]);
});
