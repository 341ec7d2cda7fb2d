import { answer, api, done } from './client';

export function signInByLink(token: string) {
  return done(api.POST('/api/auth/link', { body: { token } }));
}

export function signInByKey(key: string) {
  return done(api.POST('/api/auth/key', { body: { key } }));
}

export function signOut() {
  return done(api.POST('/api/auth/sign-out'));
}

export function getMe(signal?: AbortSignal) {
  return answer(api.GET('/api/me', { signal }));
}

export function listSessions(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/list-sessions', { signal }));
}

export function revokeSession(token: string) {
  return done(api.POST('/api/auth/revoke-session', { body: { token } }));
}

export function revokeOtherSessions() {
  return done(api.POST('/api/auth/revoke-other-sessions'));
}

export function listKeys(cursor: string | undefined, signal?: AbortSignal) {
  return answer(api.GET('/api/keys', { params: { query: { cursor, limit: 50 } }, signal }));
}

export function createKey(name: string, scopes: string[], idempotencyKey: string) {
  return answer(
    api.POST('/api/keys', {
      body: { name, scopes },
      params: { header: { 'Idempotency-Key': idempotencyKey } },
    }),
  );
}

export function revokeKey(id: string) {
  return done(api.DELETE('/api/keys/{id}', { params: { path: { id } } }));
}
