import { QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/problem';
import { createQueries } from './queries';

const nobody = { onSignedOut: () => undefined, onNotMember: () => undefined };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function watch(fail: () => Error | undefined) {
  const client = createQueries(nobody);
  let asked = 0;
  const observer = new QueryObserver(client, {
    queryKey: ['x'],
    retry: false,
    queryFn: () => {
      asked++;
      const error = fail();
      return error ? Promise.reject(error) : Promise.resolve('there');
    },
  });
  const stop = observer.subscribe(() => undefined);
  return { observer, stop, asked: () => asked };
}

test.each([0, 502, 503, 504])(
  'what failed with %i is asked for again once the server is back',
  async (status) => {
    let ready = false;
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: ready ? 200 : 503 })));
    const { observer, stop, asked } = watch(() => (ready ? undefined : new ApiError(status, undefined)));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(1);
    ready = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(observer.getCurrentResult().data).toBe('there');
    expect(asked()).toBe(2);
    stop();
  },
);

test.each([400, 403, 404, 409, 500])('what failed with %i stays', async (status) => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 200 })));
  const { stop, asked } = watch(() => new ApiError(status, undefined));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(1);
  stop();
});

test('a server that is ready and fails all the same is not asked all the time', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 200 })));
  const { stop, asked } = watch(() => new ApiError(503, undefined));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked()).toBeGreaterThan(5);
  expect(asked()).toBeLessThanOrEqual(11);
  stop();
});
