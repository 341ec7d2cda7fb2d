import type { Provider } from '../../api/social';
import type { Account } from '../../api/types';

interface Links {
  linked: { account: Account; provider: Provider }[];
  /** Providers at which no account is linked yet. */
  open: Provider[];
}

/** A provider that the server does not know any more is shown by its id, so that its account can be given up. */
export function linksOf(accounts: readonly Account[], providers: readonly Provider[]): Links {
  const linked = accounts
    .filter(({ providerId }) => providerId !== 'credential')
    .map((account) => ({
      account,
      provider: providers.find(({ id }) => id === account.providerId) ?? {
        id: account.providerId,
        name: account.providerId,
      },
    }));
  return { linked, open: providers.filter(({ id }) => !linked.some(({ provider }) => provider.id === id)) };
}
