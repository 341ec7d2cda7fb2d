import { useState } from 'react';
import type { NewApp } from '../../api/twoFactor';
import { verifyAppCode } from '../../api/twoFactor';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { codeOf, DIGITS } from '../sign-in/code';
import { secretOf } from './otpauth';

interface Props {
  app: NewApp;
  onDone: () => unknown;
  onBack: () => void;
}

/** The app is told the secret, and shows that it has it by a first code. */
export function ConfirmApp({ app, onDone, onBack }: Props) {
  const [code, setCode] = useState('');
  const secret = secretOf(app.uri);
  const { form, run, busy, errors, error } = useSubmit({
    check: (given: string) => ({
      otp: given.length < DIGITS ? `The code has ${DIGITS} digits` : undefined,
    }),
    send: (given: string) => verifyAppCode({ code: given, trustDevice: false }),
    onDone,
  });
  return (
    <form
      ref={form}
      className="setting-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run(code);
      }}
    >
      <p>
        Add an account to your authenticator app, by this key, or <a href={app.uri}>open the app</a> on this
        device.
      </p>
      <p className="actions">
        <code className="break">{secret}</code>
        <CopyButton text={secret.replaceAll(' ', '')} label="Copy key" />
      </p>
      <ProblemBanner error={error} title="Not turned on" />
      <Field label="Code that the app shows" error={errors.otp}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            className="mono"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            value={code}
            onChange={(event) => setCode(codeOf(event.target.value))}
          />
        )}
      </Field>
      <div className="actions">
        <Button type="submit" kind="primary" busy={busy}>
          Turn it on
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Go back
        </Button>
      </div>
    </form>
  );
}
