import { useState } from 'react';
import { Link } from 'react-router';
import { sendSignInCode, sendVerification, signInByPassword } from '../../api/account';
import { ApiError } from '../../api/problem';
import { useSendsMail } from '../../app/signInOptions';
import { pathWith } from '../../app/target';
import { emailFault } from '../../format/email';
import { Button } from '../../ui/Button';
import { EmailField } from '../../ui/EmailField';
import { MailOnItsWay } from '../../ui/MailOnItsWay';
import { PasswordField } from '../../ui/PasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';

type Way = 'password' | 'link' | 'code' | 'confirm';

interface Props {
  email: string;
  onEmail: (email: string) => void;
  /** Where to go after the sign-in. */
  target: string;
  sendLink: () => Promise<void>;
  onSent: (way: 'link' | 'code') => void;
  /** @param methods of the second factor, if one is asked for */
  onSignedIn: (methods: readonly string[] | undefined) => unknown;
}

/** The address, and the ways to prove that it is one's own. */
export function PasswordForm({ email, onEmail, target, sendLink, onSent, onSignedIn }: Props) {
  const [password, setPassword] = useState('');
  const address = email.trim();
  const sendsMail = useSendsMail();
  const { form, run, busy, values, errors, error, done } = useSubmit({
    check: (way: Way) => ({
      email: emailFault(address),
      password: way === 'password' && password === '' ? 'Enter your password' : undefined,
    }),
    send: (way: Way): Promise<readonly string[] | undefined | void> => {
      switch (way) {
        case 'password':
          return signInByPassword(address, password);
        case 'link':
          return sendLink();
        case 'code':
          return sendSignInCode(address);
        case 'confirm':
          return sendVerification(address, pathWith('/sign-in', { notice: 'confirmed', to: target }));
      }
    },
    onDone: (methods, way) => {
      switch (way) {
        case 'password':
          return onSignedIn(methods ?? undefined);
        case 'link':
        case 'code':
          return onSent(way);
        case 'confirm':
          return undefined;
      }
    },
  });
  const working = (way: Way) => busy && values === way;
  const unconfirmed = error instanceof ApiError && error.code === 'email-not-verified';
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run('password');
      }}
    >
      <ProblemBanner error={error} title={values === 'password' ? 'Not signed in' : 'The mail was not sent'}>
        {unconfirmed && (
          <p className="banner-action">
            <Button onClick={() => run('confirm')}>
              {sendsMail ? 'Send the mail again' : 'Get another link'}
            </Button>
          </p>
        )}
      </ProblemBanner>
      <p role="status" className={done && values === 'confirm' ? 'form-done' : 'visually-hidden'}>
        {done && values === 'confirm' && (
          <>
            <MailOnItsWay what="link" to={address} /> Open it, then sign in.
          </>
        )}
      </p>
      <EmailField autoComplete="username webauthn" value={email} onChange={onEmail} error={errors.email} />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={errors.password}
      />
      <Button type="submit" kind="primary" busy={working('password')} disabled={busy}>
        Sign in
      </Button>
      <p className="sign-in-forgot">
        <Link to="/sign-in/forgot">Forgot your password?</Link>
      </p>
      <p className="divider">
        <span>or without a password</span>
      </p>
      <div className="sign-in-ways">
        <Button icon="mail" busy={working('link')} disabled={busy} onClick={() => run('link')}>
          {sendsMail ? 'Email me a link' : 'Get a link'}
        </Button>
        <Button icon="code" busy={working('code')} disabled={busy} onClick={() => run('code')}>
          {sendsMail ? 'Email me a code' : 'Get a code'}
        </Button>
      </div>
      {!sendsMail && (
        <p className="muted sign-in-note">
          This server sends no email: links and codes are in its log, and under Admin › Mails.
        </p>
      )}
    </form>
  );
}
