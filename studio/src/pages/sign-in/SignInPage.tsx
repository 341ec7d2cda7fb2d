import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { sendSignInLink } from '../../api/account';
import { useSignInOptions } from '../../app/signInOptions';
import { callbackPath, pathWith, safeTarget } from '../../app/target';
import { useTitle } from '../../app/useTitle';
import { explainCode } from '../../format/problems';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { MailOnItsWay } from '../../ui/MailOnItsWay';
import { SendAgain } from '../../ui/SendAgain';
import { AuthCard } from './AuthCard';
import { CodeForm } from './CodeForm';
import { useFragment } from './fragment';
import { LinkSignIn } from './LinkSignIn';
import { MailSent } from './MailSent';
import { noticeOf } from './notices';
import { OtherWays } from './OtherWays';
import { PasskeySignIn } from './PasskeySignIn';
import { PasswordForm } from './PasswordForm';
import { ProviderButtons } from './ProviderButtons';

type Step = 'start' | 'link' | 'code';

export function SignInPage() {
  useTitle('Sign in');
  const fragment = useFragment();
  const [query] = useSearchParams();
  const [email, setEmail] = useState('');
  const [step, setStep] = useState<Step>('start');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const wanted = fragment.to ?? query.get('to') ?? undefined;
  const target = safeTarget(wanted);
  const enter = async (methods?: readonly string[]) => {
    queries.clear();
    const next = methods
      ? pathWith('/sign-in/two-factor', { callbackURL: target, methods: methods.join(',') })
      : target;
    await navigate(next, { replace: true });
  };
  const sendLink = () =>
    sendSignInLink(email.trim(), {
      callbackURL: callbackPath(target),
      errorCallbackURL: pathWith('/sign-in', { to: wanted && target }),
    });
  if (step === 'code') {
    return (
      <AuthCard title="Enter the code">
        <CodeForm email={email.trim()} onSignedIn={enter} onBack={() => setStep('start')} />
      </AuthCard>
    );
  }
  if (step === 'link') {
    return (
      <AuthCard title="Sign in to Mainstay">
        <MailSent
          actions={
            <>
              <SendAgain send={sendLink} />
              <Button kind="quiet" onClick={() => setStep('start')}>
                Other ways to sign in
              </Button>
            </>
          }
        >
          <p>
            <MailOnItsWay what="link" to={email.trim()} provided="can sign in here" /> Open it within 15
            minutes, in this browser.
          </p>
        </MailSent>
      </AuthCard>
    );
  }
  return (
    <AuthCard title="Sign in to Mainstay">
      <LinkSignIn fragment={fragment} onSignedIn={() => enter()}>
        <Arrived error={query.get('error')} notice={query.get('notice')} />
        <ProviderButtons
          targets={{
            callbackURL: callbackPath(target),
            errorCallbackURL: pathWith('/sign-in', { to: wanted && target }),
          }}
        />
        <PasswordForm
          email={email}
          onEmail={setEmail}
          target={target}
          sendLink={sendLink}
          onSent={setStep}
          onSignedIn={enter}
        />
        <PasskeySignIn onSignedIn={enter} />
        <NewHere to={wanted && target} />
        <OtherWays onSignedIn={() => enter()} />
      </LinkSignIn>
    </AuthCard>
  );
}

/** The way to sign up, where it leads somewhere: an invitation can be reached only by somebody who has one. */
function NewHere({ to }: { to: string | undefined }) {
  const signUp = useSignInOptions().data?.signUp;
  if (signUp === 'closed') return null;
  return (
    <p className="sign-in-aside">
      {signUp === 'invited' ? 'Invited?' : 'New here?'}{' '}
      <Link to={pathWith('/sign-up', { to })}>Create an account</Link>
    </p>
  );
}

/** What a link of a mail has done, or has not. */
function Arrived({ error, notice }: { error: string | null; notice: string | null }) {
  if (error !== null) {
    const { title, advice } = explainCode(error);
    return (
      <Banner tone="error" title={title}>
        {advice}
      </Banner>
    );
  }
  const words = noticeOf(notice);
  return words ? <Banner tone="success">{words}</Banner> : null;
}
