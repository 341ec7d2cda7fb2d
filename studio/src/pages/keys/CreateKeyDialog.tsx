import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { createKey } from '../../api/identity';
import { fieldErrors, messageOf } from '../../api/problem';
import { randomId } from '../../api/random';
import type { NewApiKey } from '../../api/types';
import { useMe } from '../../app/session';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { ScopeChoices } from './ScopeChoices';

interface Props {
  onClose: () => void;
  onCreated: (key: NewApiKey) => void;
}

export function CreateKeyDialog({ onClose, onCreated }: Props) {
  const me = useMe();
  const own = me.data?.scopes ?? [];
  const [name, setName] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(() => new Set(['keys:manage', 'instance:admin']));
  const [idempotencyKey] = useState(randomId);
  const scopes = own.filter((scope) => !left.has(scope));
  const create = useMutation({
    mutationFn: () => createKey(name.trim(), scopes, `${idempotencyKey}-${name.trim()}-${scopes.join()}`),
    onSuccess: onCreated,
  });
  const errors = fieldErrors(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const toggle = (scope: string) => {
    const next = new Set(left);
    if (!next.delete(scope)) next.add(scope);
    setLeft(next);
  };
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form onSubmit={submit}>
        <div className="dialog-body">
          <Field label="Name" error={errors.name} hint="What it is for, such as “CI” or “phone app”">
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                required
                maxLength={100}
                autoComplete="off"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <ScopeChoices scopes={own} chosen={scopes} onToggle={toggle} />
          {create.error && !errors.name && <Banner tone="error">{messageOf(create.error)}</Banner>}
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button
            type="submit"
            kind="primary"
            busy={create.isPending}
            disabled={name.trim() === '' || scopes.length === 0}
          >
            Create key
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
