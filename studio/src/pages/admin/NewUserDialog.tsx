import { useState } from 'react';
import { createUser } from '../../api/admin';
import type { User } from '../../api/types';
import { useSendsMail } from '../../app/signInOptions';
import { emailFault } from '../../format/email';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { EmailField } from '../../ui/EmailField';
import { Field } from '../../ui/Field';
import { NewPasswordField } from '../../ui/NewPasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';

const EMPTY = { name: '', email: '', password: '', admin: false };

interface Props {
  onDone: (user: User) => unknown;
  onClose: () => void;
}

export function NewUserDialog({ onDone, onClose }: Props) {
  const sendsMail = useSendsMail();
  const [fields, setFields] = useState(EMPTY);
  const { form, run, busy, errors, error, reset } = useSubmit({
    check: ({ name, email }: typeof EMPTY) => ({
      name: name === '' ? 'Give a name' : undefined,
      email: emailFault(email),
      newPassword: undefined,
    }),
    send: ({ name, email, password, admin }: typeof EMPTY) =>
      createUser({ name, email, role: admin ? 'admin' : 'user', ...(password !== '' && { password }) }),
    onDone,
  });
  const set = (change: Partial<typeof EMPTY>) => setFields({ ...fields, ...change });
  return (
    <Dialog title="New user" onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run({ ...fields, name: fields.name.trim(), email: fields.email.trim() });
        }}
      >
        <div className="dialog-body">
          <ProblemBanner error={error} title="Not created" />
          <Field label="Name" error={errors.name}>
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                autoComplete="off"
                maxLength={200}
                value={fields.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <EmailField
            autoComplete="email"
            value={fields.email}
            onChange={(email) => set({ email })}
            error={errors.email}
            hint={
              sendsMail
                ? 'They confirm it by a link that we send them'
                : 'They confirm it by a link, which you find under Mails: this server sends no email'
            }
          />
          <NewPasswordField
            label="Password, if any"
            value={fields.password}
            onChange={(password) => set({ password })}
            email={fields.email}
            error={errors.newPassword}
            onCorrect={reset}
          />
          <label className="check">
            <input
              type="checkbox"
              checked={fields.admin}
              onChange={(event) => set({ admin: event.target.checked })}
            />
            <span>
              Administrator
              <span className="field-hint">All users, organizations and mails of this server</span>
            </span>
          </label>
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Create user
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
