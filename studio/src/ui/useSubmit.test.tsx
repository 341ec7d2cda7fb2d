import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test, vi } from 'vitest';
import { ApiError } from '../api/problem';
import { useSubmit } from './useSubmit';

function wrapper({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>;
}

const check = (name: string) => ({ name: name === '' ? 'Missing' : undefined });

test('nothing is sent while a field is wrong', () => {
  const send = vi.fn(() => Promise.resolve());
  const { result } = renderHook(() => useSubmit({ check, send }), { wrapper });
  act(() => result.current.run(''));
  expect(result.current.errors).toEqual({ name: 'Missing' });
  expect(send).not.toHaveBeenCalled();
});

test.each([
  ['name', { name: 'is too long' }, false],
  // No field of this form shows it.
  ['other', {}, true],
])('what the server says of %s is shown', async (field, errors, apart) => {
  const problem = new ApiError(400, {
    type: 'urn:mainstay:problem:invalid-input',
    errors: [{ field, message: 'is too long' }],
  });
  const { result } = renderHook(() => useSubmit({ check, send: () => Promise.reject(problem) }), { wrapper });
  act(() => result.current.run('x'));
  await waitFor(() => expect(result.current.busy).toBe(false));
  expect(result.current.errors).toEqual(errors);
  expect(result.current.error).toBe(apart ? problem : null);
});
