import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { sendVerification, signUp } from '../../api/account';
import { ApiError } from '../../api/problem';
import { useSendsMail, useSignInOptions } from '../../app/signInOptions';
import { callbackPath, pathWith, safeTarget } from '../../app/target';
import { useTitle } from '../../app/useTitle';
import { emailFault } from '../../format/email';
import { passwordFault } from '../../format/password';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { EmailField } from '../../ui/EmailField';
import { MailOnItsWay } from '../../ui/MailOnItsWay';
import { Field } from '../../ui/Field';
import { NewPasswordField } from '../../ui/NewPasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SendAgain } from '../../ui/SendAgain';
import { useSubmit } from '../../ui/useSubmit';
import { AuthCard } from '../sign-in/AuthCard';
import { MailSent } from '../sign-in/MailSent';
import { ProviderButtons } from '../sign-in/ProviderButtons';

const EMPTY = { name: '', email: '', password: '' };

export function SignUpPage() {
  useTitle('Sign up');
  const [query] = useSearchParams();
  const to = query.get('to') === null ? undefined : safeTarget(query.get('to'));
  const callbackURL = pathWith('/sign-in', { notice: 'confirmed', to });
  const mode = useSignInOptions().data?.signUp;
  const sendsMail = useSendsMail();
  const [fields, setFields] = useState(EMPTY);
  const { form, run, busy, values, errors, error, done, reset } = useSubmit({
    check: ({ name, email, password }: typeof EMPTY) => ({
      name: name === '' ? 'Tell us how to call you' : undefined,
      email: emailFault(email),
      newPassword: passwordFault(password, email),
    }),
    send: (account: typeof EMPTY) => signUp({ ...account, callbackURL }),
  });
  const sentTo = done ? values?.email : undefined;
  if (sentTo !== undefined) {
    return (
      <AuthCard title="Confirm your address">
        <MailSent
          actions={
            <>
              <SendAgain send={() => sendVerification(sentTo, callbackURL)} />
              <Button kind="quiet" onClick={reset}>
                Change the address
              </Button>
            </>
          }
        >
          <p>
            <MailOnItsWay what="link" to={sentTo} /> Open it within 24 hours, then sign in.
          </p>
          {sendsMail && <p className="muted">Nothing there? Check your spam folder, and the address.</p>}
        </MailSent>
        <HaveAccount to={to} />
      </AuthCard>
    );
  }
  if (mode === 'closed') {
    return (
      <AuthCard title="Create your account">
        <Banner tone="info" title="Nobody can sign up here">
          The administrators of this server create its accounts. Ask one of them.
        </Banner>
        <HaveAccount to={to} />
      </AuthCard>
    );
  }
  return (
    <AuthCard title="Create your account">
      {mode === 'invited' && (
        <Banner tone="info" title="Sign-up is by invitation">
          Use the address that was invited to an organization.
        </Banner>
      )}
      <ProviderButtons
        targets={{
          callbackURL: callbackPath(safeTarget(to)),
          errorCallbackURL: pathWith('/sign-in', { to }),
        }}
      />
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run({ ...fields, name: fields.name.trim(), email: fields.email.trim() });
        }}
      >
        <SignUpProblem error={error} />
        <Field label="Name" error={errors.name}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              name="name"
              autoComplete="name"
              maxLength={200}
              value={fields.name}
              onChange={(event) => setFields({ ...fields, name: event.target.value })}
            />
          )}
        </Field>
        <EmailField
          autoComplete="username"
          value={fields.email}
          onChange={(email) => setFields({ ...fields, email })}
          error={errors.email}
        />
        <NewPasswordField
          label="Password"
          value={fields.password}
          onChange={(password) => setFields({ ...fields, password })}
          error={errors.newPassword}
          email={fields.email}
          onCorrect={reset}
        />
        <Button type="submit" kind="primary" busy={busy}>
          Create account
        </Button>
      </form>
      <HaveAccount to={to} />
    </AuthCard>
  );
}

/** By invitation or closed: the server says which. */
function SignUpProblem({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.code === 'email-password-sign-up-disabled') {
    return (
      <Banner tone="error" title="This address cannot sign up here">
        {error.message}. Ask whoever runs it.
      </Banner>
    );
  }
  return <ProblemBanner error={error} title="The account was not made" />;
}

function HaveAccount({ to }: { to: string | undefined }) {
  return (
    <p className="sign-in-aside">
      You have an account? <Link to={pathWith('/sign-in', { to })}>Sign in</Link>
    </p>
  );
}
