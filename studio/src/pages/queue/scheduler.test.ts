import { describe, expect, it } from 'vitest';
import type { JobScheduler } from '../../api/types';
import { formOf, scheduleWords, schedulerOf } from './scheduler';

const DAILY = {
  id: 'daily',
  pattern: '0 9 * * *',
  tz: 'Europe/Berlin',
  endDate: '2099-01-01T00:00:00Z',
  iterationCount: 3,
  template: {
    name: 'report',
    data: { a: 1 },
    opts: {
      priority: 2,
      delay: 0,
      attempts: 3,
      backoff: { type: 'fixed', delay: 5, jitter: 0 },
      lifo: false,
      removeOnComplete: {},
      removeOnFail: { count: 5 },
      keepLogs: 7,
      stackTraceLimit: 2,
      units: 1,
    },
  },
} satisfies JobScheduler;

describe('schedulerOf', () => {
  it('keeps what the form does not show', () => {
    const made = schedulerOf({ ...formOf(DAILY, 'UTC'), name: ' other ', limit: '9' }, DAILY);
    expect(made).toEqual({
      scheduler: {
        pattern: '0 9 * * *',
        tz: 'Europe/Berlin',
        endDate: '2099-01-01T00:00:00Z',
        limit: 9,
        template: {
          name: 'other',
          data: { a: 1 },
          opts: {
            priority: 2,
            attempts: 3,
            backoff: { type: 'fixed', delay: 5, jitter: 0 },
            lifo: false,
            removeOnComplete: {},
            removeOnFail: { count: 5 },
            keepLogs: 7,
            stackTraceLimit: 2,
            units: 1,
          },
        },
      },
    });
  });

  it('makes an interval', () => {
    const form = {
      ...formOf(undefined, 'UTC'),
      id: 'x',
      name: 'y',
      kind: 'every' as const,
      everySeconds: '1.5',
    };
    expect(schedulerOf(form, undefined)).toEqual({
      scheduler: { every: 1500, template: { name: 'y', data: {} } },
    });
  });

  it('names the fields that are wrong', () => {
    const form = {
      ...formOf(undefined, 'UTC'),
      kind: 'every' as const,
      everySeconds: '0',
      limit: '0',
      data: '{',
    };
    const made = schedulerOf(form, undefined);
    expect('errors' in made && Object.keys(made.errors).sort()).toEqual([
      'every',
      'id',
      'limit',
      'template.data',
    ]);
  });
});

it('says when in words', () => {
  expect(scheduleWords(DAILY)).toBe('0 9 * * * (Europe/Berlin)');
});
