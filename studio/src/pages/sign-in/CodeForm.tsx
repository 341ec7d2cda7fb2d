import { useState } from 'react';
import { sendSignInCode, signInByCode } from '../../api/account';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { MailOnItsWay } from '../../ui/MailOnItsWay';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SendAgain } from '../../ui/SendAgain';
import { useSubmit } from '../../ui/useSubmit';
import { codeOf, DIGITS } from './code';

interface Props {
  email: string;
  /** @param methods of the second factor, if one is asked for */
  onSignedIn: (methods: readonly string[] | undefined) => unknown;
  onBack: () => void;
}

export function CodeForm({ email, onSignedIn, onBack }: Props) {
  const [code, setCode] = useState('');
  const { form, run, busy, errors, error, reset } = useSubmit({
    check: (otp: string) => ({ otp: otp.length < DIGITS ? `The code has ${DIGITS} digits` : undefined }),
    send: (otp: string) => signInByCode(email, otp),
    onDone: onSignedIn,
  });
  const write = (text: string) => {
    const digits = codeOf(text);
    setCode(digits);
    // The last digit is enough: nobody has to look for the button.
    if (digits.length === DIGITS && digits !== code) {
      run(digits);
    } else {
      reset();
    }
  };
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run(code);
      }}
    >
      <p>
        <MailOnItsWay what="code" to={email} provided="can sign in here" /> It is valid for five minutes.
      </p>
      <ProblemBanner error={error} title="Not signed in" />
      <Field label={`Code of ${DIGITS} digits`} error={errors.otp}>
        {(attributes) => (
          <input
            {...attributes}
            className="code-input"
            type="text"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            // The person has just asked for it, and has nothing else to do here.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            maxLength={20}
            value={code}
            onChange={(event) => write(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" busy={busy}>
        Sign in
      </Button>
      <div className="actions">
        <SendAgain send={() => sendSignInCode(email)} />
        <Button kind="quiet" onClick={onBack}>
          Other ways to sign in
        </Button>
      </div>
    </form>
  );
}
