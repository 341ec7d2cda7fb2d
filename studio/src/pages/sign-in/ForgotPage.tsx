import { useState } from 'react';
import { Link } from 'react-router';
import { requestPasswordReset } from '../../api/account';
import { useTitle } from '../../app/useTitle';
import { emailFault } from '../../format/email';
import { Button } from '../../ui/Button';
import { EmailField } from '../../ui/EmailField';
import { MailOnItsWay } from '../../ui/MailOnItsWay';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SendAgain } from '../../ui/SendAgain';
import { useSubmit } from '../../ui/useSubmit';
import { AuthCard } from './AuthCard';
import { MailSent } from './MailSent';

const TITLE = 'Set a new password';

export function ForgotPage() {
  useTitle(TITLE);
  const [email, setEmail] = useState('');
  const send = (address: string) => requestPasswordReset(address, '/sign-in/reset');
  const { form, run, busy, values, errors, error, done, reset } = useSubmit({
    check: (address: string) => ({ email: emailFault(address) }),
    send,
  });
  if (done && values) {
    return (
      <AuthCard title={TITLE}>
        <MailSent
          actions={
            <>
              <SendAgain send={() => send(values)} />
              <Button kind="quiet" onClick={reset}>
                Another address
              </Button>
            </>
          }
        >
          <p>
            <MailOnItsWay what="link" to={values} provided="has an account here" /> Open it within an hour.
          </p>
        </MailSent>
        <BackToSignIn />
      </AuthCard>
    );
  }
  return (
    <AuthCard title={TITLE}>
      <p>Enter your address to get a link for choosing a new password.</p>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run(email.trim());
        }}
      >
        <ProblemBanner error={error} title="The mail was not sent" />
        <EmailField autoComplete="username" value={email} onChange={setEmail} error={errors.email} />
        <Button type="submit" kind="primary" busy={busy}>
          Get a link
        </Button>
      </form>
      <BackToSignIn />
    </AuthCard>
  );
}

function BackToSignIn() {
  return (
    <p className="sign-in-aside">
      <Link to="/sign-in">Back to the sign-in</Link>
    </p>
  );
}
