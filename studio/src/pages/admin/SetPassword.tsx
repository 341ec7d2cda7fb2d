import { useState } from 'react';
import { setUserPassword } from '../../api/admin';
import type { User } from '../../api/types';
import { Button } from '../../ui/Button';
import { NewPasswordField } from '../../ui/NewPasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';

export function SetPassword({ user }: { user: User }) {
  const [password, setPassword] = useState('');
  const { form, run, busy, errors, error, done, reset } = useSubmit({
    check: (given: string) => ({ newPassword: given === '' ? 'Enter a password' : undefined }),
    send: (given: string) => setUserPassword(user.id, given),
    onDone: () => setPassword(''),
  });
  return (
    <form
      ref={form}
      className="setting-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run(password);
      }}
    >
      <ProblemBanner error={error} title="Not set" />
      <NewPasswordField
        label="New password"
        value={password}
        onChange={setPassword}
        email={user.email}
        error={errors.newPassword}
        onCorrect={reset}
      />
      <p className="setting-end">
        <Button type="submit" busy={busy}>
          Set the password
        </Button>
        <span role="status" className="form-done">
          {done && password === '' && 'Set. Tell it in a safe way.'}
        </span>
      </p>
    </form>
  );
}
