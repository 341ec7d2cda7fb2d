import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { listKeys, revokeKey } from '../../api/identity';
import { messageOf } from '../../api/problem';
import type { ApiKey, NewApiKey } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { Skeleton } from '../../ui/Skeleton';
import { CreateKeyDialog } from './CreateKeyDialog';
import { KeyOfOrganizationRow } from './KeyOfOrganizationRow';
import { NewKeySecret } from './NewKeySecret';

/** All keys of the organization, for a program’s key that may manage them. */
export function OrganizationKeys() {
  const queries = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<NewApiKey>();
  const [revoking, setRevoking] = useState<ApiKey>();
  const query = useInfiniteQuery({
    queryKey: ['keys'],
    queryFn: ({ pageParam, signal }) => listKeys(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const revoke = useMutation({
    mutationFn: revokeKey,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys'] });
      setRevoking(undefined);
    },
  });
  const keys = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <h1>API keys</h1>
        <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
          New key
        </Button>
      </header>
      {created && <NewKeySecret created={created} onClose={() => setCreated(undefined)} />}
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={3} label="Loading keys" />}
      {query.data && keys.length === 0 && (
        <Empty title="No keys yet">
          <p>A key lets a program use the API, with the scopes that you give it.</p>
        </Empty>
      )}
      {keys.length > 0 && (
        <ul className="rows" aria-label="API keys">
          {keys.map((key) => (
            <KeyOfOrganizationRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
      {creating && (
        <CreateKeyDialog
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreated(key);
            setCreating(false);
            void queries.invalidateQueries({ queryKey: ['keys'] });
          }}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={`Revoke “${revoking.name}”?`}
          confirm="Revoke key"
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(revoking.id)}
          onClose={() => {
            revoke.reset();
            setRevoking(undefined);
          }}
        >
          <p>
            Programs that use <code>{revoking.prefix}…</code> lose access at once, and so do sessions that
            were signed in by it. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
