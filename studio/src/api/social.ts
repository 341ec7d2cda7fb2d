import { answer, api, done } from './client';

/** A provider at which people can sign in. */
export interface Provider {
  id: string;
  name: string;
}

export interface ProviderTargets {
  callbackURL: string;
  errorCallbackURL: string;
}

export function listProviders(signal?: AbortSignal): Promise<Provider[]> {
  return answer(api.GET('/api/auth/providers', { signal }));
}

/** The provider's page, where one signs in. */
export async function signInAt(provider: string, targets: ProviderTargets): Promise<string> {
  const { url } = await answer(api.POST('/api/auth/sign-in/social', { body: { provider, ...targets } }));
  return url;
}

/** The provider's page, where one shows which account is to be linked. */
export async function linkAt(provider: string, targets: ProviderTargets): Promise<string> {
  const { url } = await answer(api.POST('/api/auth/link-social', { body: { provider, ...targets } }));
  return url;
}

/** @param accountId of `list-accounts` */
export function unlinkAccount(accountId: string): Promise<void> {
  return done(api.POST('/api/auth/unlink-account', { body: { accountId } }));
}
