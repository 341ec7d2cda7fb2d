import { describe, expect, it } from 'vitest';
import type { Job, JobEvent } from '../../api/types';
import { stepsOf } from './timeline';

const job = {
  createdAt: '2026-01-02T10:00:00Z',
  processedAt: '2026-01-02T10:00:01Z',
  finishedAt: '2026-01-02T10:00:02Z',
  state: 'failed',
  failedReason: 'no mail server',
} as Job;

const event = (name: string, details: Record<string, string> = {}): JobEvent => ({
  cursor: '1',
  at: '2026-01-02T10:00:01.500Z',
  event: name,
  jobId: 'a',
  details,
});

const words = (events: JobEvent[]) => stepsOf(job, events).map(({ text, detail }) => [text, detail ?? '']);

describe('steps', () => {
  it('are those of the events', () => {
    const events = [
      event('added'),
      event('waiting'),
      event('active', { prev: 'waiting' }),
      event('progress', { data: '5' }),
      event('waiting', { prev: 'active' }),
      event('stalled'),
      event('failed', { failedReason: 'no mail server' }),
      event('retries-exhausted'),
    ];
    expect(words(events)).toEqual([
      ['Added', ''],
      ['Waits', ''],
      ['Started', ''],
      ['Waits for another attempt', ''],
      ['Lost by its worker', ''],
      ['Failed', 'no mail server'],
    ]);
  });

  it('begin with what the job keeps, where its first events are gone', () => {
    expect(words([event('active')])).toEqual([
      ['Added', ''],
      ['Started', ''],
    ]);
  });

  it('are those that the job keeps, where all events are gone', () => {
    expect(words([])).toEqual([
      ['Added', ''],
      ['Last started', ''],
      ['Failed', 'no mail server'],
    ]);
  });

  it('say until when it is delayed', () => {
    expect(words([event('added'), event('delayed', { delay: '1767348000000' })])[1]?.[1]).toMatch(/2026/);
    expect(words([event('added'), event('delayed', { delay: 'x' })])[1]).toEqual(['Delayed', '']);
  });
});
