import { useState } from 'react';
import { createOwnedKey } from '../../api/keys';
import { useMe } from '../../app/session';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { KeyLimitFields } from './KeyLimitFields';
import { ScopeChoices } from './ScopeChoices';
import type { Draft } from './terms';
import { faultsOf, LIVES, termsOf } from './terms';

/** These are given when they are meant: they are left out first. */
const STRONG = ['keys:manage', 'instance:admin'];

const EMPTY: Omit<Draft, 'scopes'> = {
  name: '',
  days: 90,
  max: '',
  window: 60_000,
  remaining: '',
  refill: '',
  interval: 86_400_000,
};

interface Props {
  /** Whose it will be; the viewer's own without. */
  organizationId: string | undefined;
  onCreated: (key: Awaited<ReturnType<typeof createOwnedKey>>) => void;
  onClose: () => void;
}

export function NewKeyDialog({ organizationId, onCreated, onClose }: Props) {
  const given = useMe().data?.scopes ?? [];
  // No key of an organization administers the instance.
  const scopes = given.filter((scope) => !organizationId || scope !== 'instance:admin');
  const [draft, setDraft] = useState<Draft>(() => ({
    ...EMPTY,
    scopes: scopes.filter((scope) => !STRONG.includes(scope)),
  }));
  const { form, run, busy, errors, error } = useSubmit({
    check: faultsOf,
    send: (wanted: Draft) => createOwnedKey(termsOf(wanted), { organizationId }),
    onDone: onCreated,
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const toggle = (scope: string) =>
    set({
      scopes: draft.scopes.includes(scope)
        ? draft.scopes.filter((one) => one !== scope)
        : [...draft.scopes, scope],
    });
  return (
    <Dialog title={organizationId ? 'New key of the organization' : 'New key of mine'} onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run(draft);
        }}
      >
        <div className="dialog-body">
          <p className="muted">
            {organizationId
              ? 'It stays when you go, and acts with these scopes alone.'
              : 'It acts in your name in this organization, and ends with your membership.'}
          </p>
          <ProblemBanner error={error} title="Not created" />
          <Field label="Name" error={errors.name} hint="What it is for, such as “CI” or “phone app”">
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                maxLength={100}
                autoComplete="off"
                value={draft.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Ends after" error={errors.expiresIn}>
            {(attributes) => (
              <select
                {...attributes}
                value={draft.days}
                onChange={(event) => set({ days: Number(event.target.value) })}
              >
                {LIVES.map(({ label, days }) => (
                  <option key={days} value={days}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <ScopeChoices scopes={scopes} chosen={draft.scopes} onToggle={toggle} error={errors.permissions} />
          <KeyLimitFields draft={draft} onChange={set} errors={errors} />
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Create key
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
