import { answer, api, done } from './client';
import type { KeyDetails } from './types';

/** Whose keys: the caller's, or those of an organization. */
export type Owner = { organizationId?: string | undefined };

const configId = ({ configId: of }: KeyDetails) => (of === 'organization' ? 'organization' : 'default');

export async function listOwnedKeys({ organizationId }: Owner, signal?: AbortSignal) {
  const query = organizationId ? { organizationId } : {};
  return answer(
    api.GET('/api/auth/api-key/list', {
      params: { query: { ...query, sortBy: 'createdAt', sortDirection: 'desc', limit: 200 } },
      signal,
    }),
  );
}

export interface KeyTerms {
  name: string;
  permissions: Record<string, string[]>;
  /** Seconds. */
  expiresIn?: number | undefined;
  rateLimitMax?: number | undefined;
  /** Milliseconds. */
  rateLimitTimeWindow?: number | undefined;
  remaining?: number | undefined;
  refillAmount?: number | undefined;
  /** Milliseconds. */
  refillInterval?: number | undefined;
}

export function createOwnedKey(terms: KeyTerms, { organizationId }: Owner) {
  const owner = organizationId ? { configId: 'organization' as const, organizationId } : {};
  return answer(api.POST('/api/auth/api-key/create', { body: { ...terms, ...owner } }));
}

export function enableKey(key: KeyDetails, enabled: boolean) {
  return done(
    api.POST('/api/auth/api-key/update', { body: { keyId: key.id, configId: configId(key), enabled } }),
  );
}

export function deleteKey(key: KeyDetails) {
  return done(api.POST('/api/auth/api-key/delete', { body: { keyId: key.id, configId: configId(key) } }));
}

/** A new key in the place of one, which goes on for a while. */
export function rotateKey(id: string, overlapSeconds: number, idempotencyKey: string) {
  return answer(
    api.POST('/api/keys/{id}/rotate', {
      params: { path: { id }, header: { 'Idempotency-Key': idempotencyKey } },
      body: { overlapSeconds },
    }),
  );
}
