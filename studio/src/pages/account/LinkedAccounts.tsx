import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Provider } from '../../api/social';
import { linkAt, listProviders, unlinkAccount } from '../../api/social';
import type { Account } from '../../api/types';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { ProviderMark } from '../../ui/ProviderMark';
import { RelativeTime } from '../../ui/Time';
import { linksOf } from './links';
import { Setting } from '../../ui/Setting';
import '../sign-in/provider-buttons.css';
import './linked-accounts.css';

const HERE = '/account?tab=sign-in';

interface Props {
  accounts: readonly Account[];
  locked: boolean;
}

/** Accounts elsewhere, by which one signs in; nothing where the server knows no provider. */
export function LinkedAccounts({ accounts, locked }: Props) {
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: ({ signal }) => listProviders(signal),
    staleTime: Infinity,
  });
  const link = useMutation({
    mutationFn: (provider: string) => linkAt(provider, { callbackURL: HERE, errorCallbackURL: HERE }),
    onSuccess: (url) => location.assign(url),
  });
  const leaving = link.isPending || link.isSuccess;
  const { linked, open } = linksOf(accounts, providers.data ?? []);
  if (linked.length === 0 && open.length === 0) return null;
  return (
    <Setting title="Accounts elsewhere" about="Sign in by an account that you have already.">
      <div className="setting-form">
        <ProblemBanner error={link.error} title="The account was not linked" />
        {linked.length > 0 && (
          <ul className="rows linked-accounts" aria-label="Linked accounts">
            {linked.map(({ account, provider }) => (
              <LinkedAccount
                key={account.id}
                account={account}
                provider={provider}
                locked={locked}
                last={accounts.length === 1}
              />
            ))}
          </ul>
        )}
        {open.length > 0 && (
          <div className="actions">
            {open.map(({ id, name }) => (
              <Button
                key={id}
                busy={leaving && link.variables === id}
                disabled={locked || leaving}
                onClick={() => link.mutate(id)}
              >
                <ProviderMark id={id} name={name} />
                Link {name}
              </Button>
            ))}
          </div>
        )}
      </div>
    </Setting>
  );
}

interface LinkedAccountProps {
  account: Account;
  provider: Provider;
  locked: boolean;
  last: boolean;
}

function LinkedAccount({ account, provider, locked, last }: LinkedAccountProps) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const unlink = useMutation({
    mutationFn: () => unlinkAccount(account.id),
    onSuccess: async () => {
      setAsked(false);
      await queries.invalidateQueries({ queryKey: ['accounts'] });
    },
  });
  return (
    <li>
      <ProviderMark id={provider.id} name={provider.name} />
      <div>
        <strong>{provider.name}</strong>
        <p className="muted">
          {last ? 'Your only way in by more than mail; ' : ''}linked <RelativeTime at={account.createdAt} />
        </p>
      </div>
      <Button aria-label={`Unlink ${provider.name}`} disabled={locked || last} onClick={() => setAsked(true)}>
        Unlink …
      </Button>
      {asked && (
        <ConfirmDialog
          title={`Unlink ${provider.name}?`}
          confirm="Unlink"
          busy={unlink.isPending}
          error={unlink.error}
          onConfirm={() => unlink.mutate()}
          onClose={() => {
            unlink.reset();
            setAsked(false);
          }}
        >
          <p>You cannot sign in with it any more. At {provider.name} itself nothing changes.</p>
        </ConfirmDialog>
      )}
    </li>
  );
}
