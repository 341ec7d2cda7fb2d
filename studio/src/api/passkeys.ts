import { answer, api, done } from './client';
import { challengeOf } from './twoFactor';
import type { Asking } from './webauthn';
import { createPasskey, signByPasskey } from './webauthn';

export function listPasskeys(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/passkey/list-user-passkeys', { signal }));
}

/** Has the browser make a passkey, and the server keep it. */
export async function addPasskey(name: string) {
  const options = await answer(api.GET('/api/auth/passkey/generate-register-options'));
  const response = await createPasskey(options);
  return answer(api.POST('/api/auth/passkey/verify-registration', { body: { response, name } }));
}

export function renamePasskey(id: string, name: string) {
  return done(api.POST('/api/auth/passkey/update-passkey', { body: { id, name } }));
}

export function deletePasskey(id: string) {
  return done(api.POST('/api/auth/passkey/delete-passkey', { body: { id } }));
}

/** The methods of the second factor, where one is asked for; who gets undefined is in. */
export async function signInByPasskey(asking: Asking) {
  const options = await answer(api.GET('/api/auth/passkey/generate-authenticate-options'));
  const response = await signByPasskey(options, asking);
  asking.signal.throwIfAborted();
  return challengeOf(
    await answer(api.POST('/api/auth/passkey/verify-authentication', { body: { response } })),
  );
}
