import { useState } from 'react';
import { Button } from '../../ui/Button';
import { PasswordField } from '../../ui/PasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';

interface Props<T> {
  /** False for who has no password: the server looks at the session's age then. */
  asked: boolean;
  label: string;
  /** What did not happen. */
  failure: string;
  danger?: boolean;
  send: (password: string | undefined) => Promise<T>;
  onDone: (result: T) => unknown;
  onBack: () => void;
}

/** Does something after the password was given once more. */
export function ByPassword<T>({ asked, label, failure, danger = false, send, onDone, onBack }: Props<T>) {
  const [password, setPassword] = useState('');
  const { form, run, busy, errors, error } = useSubmit({
    check: (given: string) => ({ password: asked && given === '' ? 'Enter your password' : undefined }),
    send: (given: string) => send(asked ? given : undefined),
    onDone,
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
      <ProblemBanner error={error} title={failure} />
      {asked && (
        <PasswordField
          label="Your password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={errors.password}
        />
      )}
      <div className="actions">
        <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={busy}>
          {label}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Go back
        </Button>
      </div>
    </form>
  );
}
