import createClient from 'openapi-fetch';
import { currentOrganization } from '../app/organization';
import { ApiError } from './problem';
import type { paths } from './schema';

export const ORGANIZATION_HEADER = 'X-Organization-Id';

/** Typed by the server's own OpenAPI document. The session cookie goes along by itself. */
export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  // Looked up at each call, so that a test may put another one in place.
  fetch: (request) => globalThis.fetch(request),
});

// Each tab works in the organization that its address names.
api.use({
  onRequest({ request }) {
    const organization = currentOrganization();
    if (organization !== undefined) {
      request.headers.set(ORGANIZATION_HEADER, organization);
    }
    return request;
  },
});

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; any other becomes an {@link ApiError}. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await reach(call);
  if (!response.ok || error !== undefined) {
    throw new ApiError(response.status, error);
  }
  return data as T;
}

/** For answers without a body. */
export async function done(call: Promise<Result<unknown>>): Promise<void> {
  await answer(call);
}

async function reach<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, undefined);
  }
}
