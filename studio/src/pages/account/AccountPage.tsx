import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { listAccounts } from '../../api/account';
import { ApiError } from '../../api/problem';
import { useSession } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { explainCode } from '../../format/problems';
import { Banner } from '../../ui/Banner';
import { NotLoaded } from '../../ui/NotLoaded';
import { Tabs } from '../../ui/Tabs';
import { Arrival } from './Arrival';
import { ProfileTab } from './ProfileTab';
import { SessionsTab } from './SessionsTab';
import { SignInTab } from './SignInTab';
import './account.css';

const TABS = [
  { id: 'profile', label: 'Profile' },
  { id: 'sign-in', label: 'Sign-in' },
  { id: 'sessions', label: 'Sessions' },
] as const;

export function AccountPage() {
  useTitle('Account');
  const [query, setQuery] = useSearchParams();
  const session = useSession();
  const accounts = useQuery({ queryKey: ['accounts'], queryFn: ({ signal }) => listAccounts(signal) });
  const user = session.data?.user;
  // A session that a key has opened may look, and end sessions, but not change who its owner is.
  const lent = accounts.error instanceof ApiError && accounts.error.status === 403;
  if (!user || (!accounts.data && !lent)) {
    return <NotLoaded what="account" error={session.error ?? accounts.error} />;
  }
  const tab = TABS.find(({ id }) => id === query.get('tab'))?.id ?? 'profile';
  const open = (id: string) => setQuery(id === 'profile' ? {} : { tab: id }, { replace: true });
  const error = query.get('error');
  const arrived = error === null && query.get('notice') === 'email';
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <h1>Account</h1>
      </header>
      {error !== null && (
        <Banner tone="error" title={explainCode(error).title}>
          {explainCode(error).advice}
        </Banner>
      )}
      {arrived && <Arrival user={user} />}
      <Tabs label="Parts of the account" tabs={TABS} selected={tab} onSelect={open}>
        {lent && tab !== 'sessions' && (
          <Banner tone="warning" title="You have signed in by a key">
            To change the account, sign in by mail or password, or by a link of the server’s machine.
          </Banner>
        )}
        {tab === 'profile' && <ProfileTab user={user} accounts={accounts.data ?? []} locked={lent} />}
        {tab === 'sign-in' && (
          <SignInTab user={user} accounts={accounts.data ?? []} locked={lent} arrived={arrived} />
        )}
        {tab === 'sessions' && <SessionsTab />}
      </Tabs>
    </div>
  );
}
