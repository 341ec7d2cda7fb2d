import { useState } from 'react';
import { Navigate } from 'react-router';
import { sendMailCode } from '../../api/twoFactor';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SendAgain } from '../../ui/SendAgain';
import { useSubmit } from '../../ui/useSubmit';
import { isOver, startPath } from './challenge';
import { codeOf, DIGITS } from './code';
import type { TwoFactorWay } from './twoFactorWays';
import { WAYS } from './twoFactorWays';

interface Props {
  way: TwoFactorWay;
  target: string;
  trust: boolean;
  onTrust: (trust: boolean) => void;
  onSignedIn: () => unknown;
}

export function TwoFactorForm({ way, target, trust, onTrust, onSignedIn }: Props) {
  const { about, label, digits, missing, send } = WAYS[way];
  const [code, setCode] = useState('');
  const { form, run, busy, errors, error } = useSubmit({
    check: (given: string) => ({
      otp: (digits ? given.length < DIGITS : given === '') ? missing : undefined,
    }),
    send: (given: string) => send({ code: given, trustDevice: trust }),
    onDone: onSignedIn,
  });
  if (isOver(error)) {
    return <Navigate to={startPath(error, target)} replace />;
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run(code.trim());
      }}
    >
      <p>{about}</p>
      <ProblemBanner error={error} title="Not signed in" />
      <Field label={label} error={errors.otp}>
        {(attributes) => (
          <input
            {...attributes}
            className={digits ? 'code-input' : 'mono'}
            type="text"
            name="code"
            inputMode={digits ? 'numeric' : 'text'}
            autoComplete={digits ? 'one-time-code' : 'off'}
            autoCapitalize="none"
            spellCheck={false}
            // The person has just come for it, and has nothing else to do here.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            maxLength={50}
            value={code}
            onChange={(event) => setCode(digits ? codeOf(event.target.value) : event.target.value)}
          />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={trust} onChange={(event) => onTrust(event.target.checked)} />
        <span>
          Trust this browser for 30 days
          <span className="field-hint">
            It is not asked for a code then. Not on a machine that others use
          </span>
        </span>
      </label>
      <Button type="submit" kind="primary" busy={busy}>
        Sign in
      </Button>
      {way === 'mail' && (
        <div className="actions">
          <SendAgain send={sendMailCode} />
        </div>
      )}
    </form>
  );
}
