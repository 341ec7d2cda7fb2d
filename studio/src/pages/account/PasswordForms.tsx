import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changePassword, setPassword } from '../../api/account';
import type { User } from '../../api/types';
import { passwordFault } from '../../format/password';
import { Button } from '../../ui/Button';
import { NewPasswordField } from '../../ui/NewPasswordField';
import { PasswordField } from '../../ui/PasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';

const EMPTY = { currentPassword: '', newPassword: '', revokeOtherSessions: true };

export function ChangePassword({ user }: { user: User }) {
  const queries = useQueryClient();
  const [fields, setFields] = useState(EMPTY);
  const { form, run, busy, errors, error, done, reset } = useSubmit({
    check: ({ currentPassword, newPassword }: typeof EMPTY) => ({
      password: currentPassword === '' ? 'Enter your present password' : undefined,
      newPassword: passwordFault(newPassword, user.email),
    }),
    send: changePassword,
    onDone: async () => {
      setFields(EMPTY);
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  return (
    <form
      ref={form}
      className="setting-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run(fields);
      }}
    >
      <ProblemBanner error={error} title="The password was not changed" />
      <Username user={user} />
      <PasswordField
        label="Present password"
        autoComplete="current-password"
        value={fields.currentPassword}
        onChange={(currentPassword) => setFields({ ...fields, currentPassword })}
        error={errors.password}
      />
      <NewPasswordField
        label="New password"
        value={fields.newPassword}
        onChange={(newPassword) => setFields({ ...fields, newPassword })}
        error={errors.newPassword}
        email={user.email}
        onCorrect={reset}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={fields.revokeOtherSessions}
          onChange={(event) => setFields({ ...fields, revokeOtherSessions: event.target.checked })}
        />
        <span>
          End all other sessions
          <span className="field-hint">Somebody who knows the old password may have one</span>
        </span>
      </label>
      <p className="setting-end">
        <Button type="submit" busy={busy}>
          Change the password
        </Button>
        <span role="status" className="form-done">
          {done && fields.newPassword === '' && 'Changed'}
        </span>
      </p>
    </form>
  );
}

export function FirstPassword({ user, locked }: { user: User; locked: boolean }) {
  const queries = useQueryClient();
  const [password, setNew] = useState('');
  const { form, run, busy, errors, error, reset } = useSubmit({
    check: (newPassword: string) => ({ newPassword: passwordFault(newPassword, user.email) }),
    send: setPassword,
    onDone: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run(password);
      }}
    >
      <fieldset className="setting-form" disabled={locked}>
        <ProblemBanner error={error} title="The password was not set" />
        <Username user={user} />
        {!user.email && <p>Set an address first: one signs in by both.</p>}
        <NewPasswordField
          label="New password"
          value={password}
          onChange={setNew}
          error={errors.newPassword}
          email={user.email}
          onCorrect={reset}
        />
        <Button className="setting-button" type="submit" busy={busy}>
          Set the password
        </Button>
      </fieldset>
    </form>
  );
}

/** Tells password managers whose password it is. */
function Username({ user }: { user: User }) {
  return (
    <span className="visually-hidden" aria-hidden="true">
      <input
        type="email"
        name="email"
        autoComplete="username"
        readOnly
        tabIndex={-1}
        value={user.email ?? ''}
      />
    </span>
  );
}
