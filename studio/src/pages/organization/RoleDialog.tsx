import { useState } from 'react';
import { createRole, updateRole } from '../../api/organization';
import type { Role } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { grantsIn, permissionsOf, RESOURCES } from './permissions';
import { useOrganization } from './useOrganization';

const NAME = /^[A-Za-z0-9]+([ ._-][A-Za-z0-9]+)*$/;

interface Values {
  name: string;
  grants: ReadonlySet<string>;
}

interface Props {
  /** None for a new one. */
  role: Role | undefined;
  onDone: () => unknown;
  onClose: () => void;
}

export function RoleDialog({ role, onDone, onClose }: Props) {
  const { may } = useOrganization();
  const [name, setName] = useState(role?.role ?? '');
  const [grants, setGrants] = useState<ReadonlySet<string>>(() => new Set(grantsIn(role?.permission ?? {})));
  const { form, run, busy, errors, error } = useSubmit({
    check: (values: Values) => ({
      role: NAME.test(values.name) ? undefined : 'Letters and digits, with one space, -, _ or . between them',
      permission: values.grants.size === 0 ? 'Choose what it allows' : undefined,
    }),
    send: (values: Values) =>
      role
        ? updateRole(role.id, values.name, permissionsOf(values.grants))
        : createRole(values.name, permissionsOf(values.grants)),
    onDone,
  });
  const toggle = (grant: string) => {
    const next = new Set(grants);
    if (!next.delete(grant)) next.add(grant);
    setGrants(next);
  };
  return (
    <Dialog title={role ? `Change the role “${role.role}”` : 'New role'} onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run({ name: name.trim(), grants });
        }}
      >
        <div className="dialog-body">
          <ProblemBanner error={error} title="Not saved" />
          <Field label="Name" error={errors.role} hint="It is kept in lower case">
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                autoComplete="off"
                maxLength={50}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <p className="muted">Nobody makes a role that allows what they may not do themselves.</p>
          {errors.permission && (
            <p className="field-error" role="alert">
              {errors.permission}
            </p>
          )}
          <div className="permission-choices">
            {RESOURCES.map(({ id, label, actions }) => (
              <fieldset key={id}>
                <legend>{label}</legend>
                {actions.map((action) => {
                  const grant = `${id}:${action.id}`;
                  return (
                    <label key={action.id} className="check">
                      <input
                        type="checkbox"
                        aria-invalid={errors.permission ? true : undefined}
                        checked={grants.has(grant)}
                        disabled={!may(grant) && !grants.has(grant)}
                        onChange={() => toggle(grant)}
                      />
                      <span>{action.label}</span>
                    </label>
                  );
                })}
              </fieldset>
            ))}
          </div>
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="primary" busy={busy}>
            {role ? 'Save' : 'Create role'}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
