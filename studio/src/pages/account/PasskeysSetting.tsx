import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addPasskey, deletePasskey, listPasskeys, renamePasskey } from '../../api/passkeys';
import type { Passkey } from '../../api/types';
import { hasPasskeys } from '../../api/webauthn';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { clientName } from './client';
import { NameDialog } from '../../ui/NameDialog';
import { nameOf, PasskeyRow } from './PasskeyRow';

type Act = { name: 'add' } | { name: 'rename' | 'delete'; passkey: Passkey };

export function PasskeysSetting({ locked }: { locked: boolean }) {
  const queries = useQueryClient();
  const [act, setAct] = useState<Act>();
  const query = useQuery({
    queryKey: ['passkeys'],
    queryFn: ({ signal }) => listPasskeys(signal),
    enabled: !locked,
  });
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['passkeys'] });
    setAct(undefined);
  };
  const remove = useMutation({ mutationFn: deletePasskey, onSuccess: changed });
  const passkeys = query.data ?? [];
  return (
    <div className="setting-form">
      <ProblemBanner error={query.error} title="The passkeys cannot be shown" />
      {query.isLoading && <Skeleton lines={1} label="Loading passkeys" />}
      {passkeys.length > 0 && (
        <ul className="rows" aria-label="Passkeys">
          {passkeys.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              onRename={() => setAct({ name: 'rename', passkey })}
              onDelete={() => setAct({ name: 'delete', passkey })}
            />
          ))}
        </ul>
      )}
      {hasPasskeys() ? (
        <Button
          className="setting-button"
          icon="passkey"
          disabled={locked}
          onClick={() => setAct({ name: 'add' })}
        >
          Add a passkey …
        </Button>
      ) : (
        <p className="muted">
          This browser makes no passkeys here: they need https, and an address that has a name.
        </p>
      )}
      {act?.name === 'add' && (
        <NameDialog
          title="Add a passkey"
          label="Name"
          hint="By which you will know it again. Then your browser asks where to keep it."
          initial={clientName(navigator.userAgent)}
          confirm="Go on"
          failure="No passkey was added"
          send={addPasskey}
          onDone={changed}
          onClose={() => setAct(undefined)}
        />
      )}
      {act?.name === 'rename' && (
        <NameDialog
          title="Rename the passkey"
          label="Name"
          initial={nameOf(act.passkey)}
          confirm="Rename"
          failure="Not renamed"
          send={(name) => renamePasskey(act.passkey.id, name)}
          onDone={changed}
          onClose={() => setAct(undefined)}
        />
      )}
      {act?.name === 'delete' && (
        <ConfirmDialog
          title={`Remove “${nameOf(act.passkey)}”?`}
          confirm="Remove passkey"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(act.passkey.id)}
          onClose={() => {
            remove.reset();
            setAct(undefined);
          }}
        >
          <p>You cannot sign in with it any more. Your device may still offer it: remove it there, too.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
