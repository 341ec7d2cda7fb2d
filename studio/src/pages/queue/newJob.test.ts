import { describe, expect, it } from 'vitest';
import { EMPTY_JOB, jobOf } from './newJob';

const FORM = { ...EMPTY_JOB, queue: 'mail', name: ' welcome ' };

describe('jobOf', () => {
  it('makes the request', () => {
    expect(
      jobOf({ ...FORM, data: '{"to": "a"}', priority: 'P1', delaySeconds: '90', attempts: '3' }),
    ).toEqual({
      job: {
        name: 'welcome',
        data: { to: 'a' },
        opts: { priority: 'P1', delay: 90_000, attempts: 3 },
      },
    });
  });

  it('leaves out what is not given', () => {
    expect(jobOf({ ...FORM, data: ' ' })).toEqual({
      job: { name: 'welcome', data: null, opts: { priority: 'P0' } },
    });
  });

  it.each([
    ['data', { data: '{' }],
    ['opts.delay', { delaySeconds: '1.5' }],
    ['opts.delay', { delaySeconds: '-1' }],
    ['opts.attempts', { attempts: 'many' }],
    ['queue', { queue: ' ' }],
  ])('names %s', (field, change) => {
    const made = jobOf({ ...FORM, ...change });
    expect('errors' in made && Object.keys(made.errors)).toEqual([field]);
  });
});
