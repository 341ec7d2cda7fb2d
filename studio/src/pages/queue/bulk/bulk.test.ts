import { describe, expect, it } from 'vitest';
import type { BulkAction } from '../../../api/types';
import { JOB_STATES } from '../../../api/types';
import { actsOn, isUnfinished, jobsWords, progressWords, title } from './bulk';

const ACTION: BulkAction = {
  id: '1',
  queue: 'mail',
  action: 'retry',
  state: 'failed',
  name: 'welcome',
  text: 'smtp',
  status: 'running',
  total: 12_000,
  scanned: 3400,
  changed: 250,
  skipped: 0,
  createdBy: 'u',
  createdAt: '2026-01-02T10:00:00Z',
  startedAt: '2026-01-02T10:00:01Z',
};

describe('bulk actions', () => {
  it('are offered for every state', () => {
    for (const state of JOB_STATES) expect(actsOn(state).length).toBeGreaterThan(0);
    expect(actsOn('active')).toEqual(['cancel']);
  });

  it('say on which jobs', () => {
    expect(title(ACTION)).toBe('Retry failed jobs named welcome with “smtp” in them');
    expect(jobsWords('waiting-children', {})).toBe('jobs that wait for children');
  });

  it.each([
    [{}, '3,400 of 12,000 looked at, 250 changed'],
    [{ skipped: 3 }, '3,400 of 12,000 looked at, 250 changed, 3 could not be'],
    [{ total: undefined }, '3,400 looked at, 250 changed'],
    [{ status: 'queued' as const }, 'Waits for a worker of the server'],
    [
      { status: 'completed' as const, finishedAt: '2026-01-02T10:00:04Z' },
      '3,400 looked at, 250 changed in 3.0 s',
    ],
    [{ status: 'canceled' as const, startedAt: undefined }, '3,400 looked at, 250 changed'],
  ])('say how far they are: %j', (part, words) => {
    const action = { ...ACTION, ...part };
    expect(progressWords(action)).toBe(words);
    expect(isUnfinished(action)).toBe(action.status === 'queued' || action.status === 'running');
  });
});
