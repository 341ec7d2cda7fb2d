import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { deleteKey, enableKey, listOwnedKeys } from '../../api/keys';
import type { KeyDetails } from '../../api/types';
import { useMay, useSession, useShownOrganization } from '../../app/session';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Empty } from '../../ui/Empty';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { Tabs } from '../../ui/Tabs';
import { NewKeyDialog } from './NewKeyDialog';
import { NewKeySecret } from './NewKeySecret';
import { keyName, OwnedKeyRow } from './OwnedKeyRow';
import { RotateDialog } from './RotateDialog';

const TABS = [
  { id: 'mine', label: 'Mine' },
  { id: 'organization', label: 'Of the organization' },
] as const;

type Act = { name: 'new' } | { name: 'rotate' | 'delete'; apiKey: KeyDetails };

/** The keys of who is signed in in person, and those of the organization for who may manage them. */
export function OwnedKeys() {
  const queries = useQueryClient();
  const [parameters, setParameters] = useSearchParams();
  const active = useSession().data?.session.activeOrganizationId;
  const organization = useShownOrganization()?.id ?? active;
  const manages = useMay('keys:manage');
  const [act, setAct] = useState<Act>();
  const [secret, setSecret] = useState<{ name: string; key: string }>();
  const ofOrganization = manages && parameters.get('of') === 'organization';
  const owner = ofOrganization ? { organizationId: organization } : {};
  const query = useQuery({
    queryKey: ['keys', 'owned', owner],
    queryFn: ({ signal }) => listOwnedKeys(owner, signal),
  });
  const changed = () => queries.invalidateQueries({ queryKey: ['keys'] });
  const toggle = useMutation({
    mutationFn: ({ apiKey, enabled }: { apiKey: KeyDetails; enabled: boolean }) => enableKey(apiKey, enabled),
    onSettled: changed,
  });
  const remove = useMutation({
    mutationFn: deleteKey,
    onSuccess: async () => {
      await changed();
      setAct(undefined);
    },
  });
  const made = (name: string, key: string) => {
    setSecret({ name, key });
    setAct(undefined);
    void changed();
  };
  const keys = query.data?.apiKeys ?? [];
  const list = (
    <>
      <ProblemBanner error={query.error} title="The keys cannot be shown" />
      <ProblemBanner error={toggle.error} title="Not switched" />
      {query.isPending && <Skeleton lines={3} label="Loading keys" />}
      {query.data && keys.length === 0 && (
        <Empty title="No keys yet">
          <p>
            {ofOrganization
              ? 'A key of the organization stays when whoever made it goes.'
              : 'A key lets a program use the API in your name, with the scopes that you give it.'}
          </p>
        </Empty>
      )}
      {keys.length > 0 && (
        <ul className="rows" aria-label="API keys">
          {keys.map((apiKey) => (
            <OwnedKeyRow
              key={apiKey.id}
              apiKey={apiKey}
              busy={toggle.isPending}
              onToggle={(enabled) => toggle.mutate({ apiKey, enabled })}
              onRotate={manages ? () => setAct({ name: 'rotate', apiKey }) : undefined}
              onDelete={() => setAct({ name: 'delete', apiKey })}
            />
          ))}
        </ul>
      )}
    </>
  );
  return (
    <div className="page">
      <header className="page-head">
        <h1>API keys</h1>
        <Button kind="primary" icon="plus" onClick={() => setAct({ name: 'new' })}>
          New key
        </Button>
      </header>
      {secret && <NewKeySecret created={secret} onClose={() => setSecret(undefined)} />}
      {manages ? (
        <Tabs
          label="Whose keys"
          tabs={TABS}
          selected={ofOrganization ? 'organization' : 'mine'}
          onSelect={(id) => setParameters(id === 'mine' ? {} : { of: id }, { replace: true })}
        >
          {list}
        </Tabs>
      ) : (
        list
      )}
      {act?.name === 'new' && (
        <NewKeyDialog
          organizationId={ofOrganization ? organization : undefined}
          onCreated={({ name, key }) => made(name ?? '', key)}
          onClose={() => setAct(undefined)}
        />
      )}
      {act?.name === 'rotate' && (
        <RotateDialog
          apiKey={act.apiKey}
          onRotated={({ name, key }) => made(name ?? '', key)}
          onClose={() => setAct(undefined)}
        />
      )}
      {act?.name === 'delete' && (
        <ConfirmDialog
          title={`Delete “${keyName(act.apiKey)}”?`}
          confirm="Delete key"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(act.apiKey)}
          onClose={() => {
            remove.reset();
            setAct(undefined);
          }}
        >
          <p>
            Programs that use <code>{act.apiKey.start}…</code> lose access at once, and so do sessions that
            were signed in by it. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
