import { answer, api } from './client';
import { challengeOf } from './twoFactor';

export interface MailLink {
  token: string;
  callbackURL: string | undefined;
  newUserCallbackURL: string | undefined;
}

/** Confirms an address, or goes on with a change of it. */
export async function confirmEmail({ token, callbackURL }: MailLink) {
  const { url, passwordToken } = await answer(
    api.POST('/api/auth/verify-email', { body: { token, callbackURL } }),
  );
  return { url, passwordToken: passwordToken ?? undefined };
}

/** Signs in; where a second factor is asked for, its methods are there instead of a URL. */
export async function enterByLink({ token, callbackURL, newUserCallbackURL }: MailLink) {
  const answered = await answer(
    api.POST('/api/auth/magic-link/verify', { body: { token, callbackURL, newUserCallbackURL } }),
  );
  return { methods: challengeOf(answered), url: 'url' in answered ? answered.url : undefined };
}

export async function deleteByLink({ token }: MailLink): Promise<void> {
  await answer(api.POST('/api/auth/delete-user', { body: { token } }));
}

/** Takes a change of address back. The token sets a new password. */
export async function restoreEmail({ token }: MailLink): Promise<string> {
  const { passwordToken } = await answer(api.POST('/api/auth/restore-email', { body: { token } }));
  return passwordToken;
}
