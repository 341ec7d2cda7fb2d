import { useQuery } from '@tanstack/react-query';
import { listAccounts } from '../../api/account';
import { ApiError } from '../../api/problem';
import { useTitle } from '../../app/useTitle';
import { NotLoaded } from '../../ui/NotLoaded';
import './keys.css';
import { OrganizationKeys } from './OrganizationKeys';
import { OwnedKeys } from './OwnedKeys';

/** What there is to see depends on how one has come: in person, or by a key. */
export function KeysPage() {
  useTitle('API keys');
  const accounts = useQuery({ queryKey: ['accounts'], queryFn: ({ signal }) => listAccounts(signal) });
  if (accounts.data) return <OwnedKeys />;
  const lent = accounts.error instanceof ApiError && accounts.error.status === 403;
  return lent ? <OrganizationKeys /> : <NotLoaded what="keys" error={accounts.error} />;
}
