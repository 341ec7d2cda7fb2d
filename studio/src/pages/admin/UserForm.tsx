import { useState } from 'react';
import { updateUserByAdmin } from '../../api/admin';
import type { User } from '../../api/types';
import { emailFault } from '../../format/email';
import { Button } from '../../ui/Button';
import { EmailField } from '../../ui/EmailField';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';

export function UserForm({ user, onDone }: { user: User; onDone: () => unknown }) {
  const [fields, setFields] = useState({
    name: user.name,
    email: user.email ?? '',
    verified: user.emailVerified,
  });
  const { form, run, busy, errors, error, done } = useSubmit({
    check: ({ name, email }: typeof fields) => ({
      name: name === '' ? 'Give a name' : undefined,
      email: email === '' && !user.email ? undefined : emailFault(email),
    }),
    send: ({ name, email, verified }: typeof fields) =>
      updateUserByAdmin(user.id, {
        name,
        emailVerified: verified,
        ...(email !== '' && email !== user.email && { email }),
      }),
    onDone,
  });
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change });
  const same =
    fields.name === user.name &&
    fields.email === (user.email ?? '') &&
    fields.verified === user.emailVerified;
  return (
    <form
      ref={form}
      className="setting-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run({ ...fields, name: fields.name.trim(), email: fields.email.trim().toLowerCase() });
      }}
    >
      <ProblemBanner error={error} title="Not saved" />
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
      />
      <label className="check">
        <input
          type="checkbox"
          checked={fields.verified}
          disabled={fields.email === ''}
          onChange={(event) => set({ verified: event.target.checked })}
        />
        <span>The address is confirmed</span>
      </label>
      <p className="setting-end">
        <Button type="submit" kind="primary" busy={busy}>
          Save
        </Button>
        <span role="status" className="form-done">
          {done && same && 'Saved'}
        </span>
      </p>
    </form>
  );
}
