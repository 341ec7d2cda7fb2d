import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { resetPassword } from '../../api/account';
import { ApiError } from '../../api/problem';
import { useTitle } from '../../app/useTitle';
import { passwordFault } from '../../format/password';
import { explainCode } from '../../format/problems';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { NewPasswordField } from '../../ui/NewPasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { AuthCard } from './AuthCard';

const TITLE = 'Choose a new password';

/** Where the link of a mail leads, with `?token=`, or `?error=` if it is not valid any more. */
export function ResetPage() {
  useTitle(TITLE);
  const [query] = useSearchParams();
  const token = query.get('token');
  if (token === null || query.has('error')) {
    return <NotValid code={query.get('error') ?? 'INVALID_TOKEN'} />;
  }
  return <ResetForm token={token} />;
}

function ResetForm({ token }: { token: string }) {
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const { form, run, busy, errors, error, reset } = useSubmit({
    check: (newPassword: string) => ({ newPassword: passwordFault(newPassword) }),
    send: (newPassword: string) => resetPassword(token, newPassword),
    // In the place of this page: the browser's history does not keep the token.
    onDone: () => navigate('/sign-in?notice=reset', { replace: true }),
  });
  if (error instanceof ApiError && error.code === 'invalid-token') {
    return <NotValid code={error.code} />;
  }
  return (
    <AuthCard title={TITLE}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run(password);
        }}
      >
        <ProblemBanner error={error} title="The password was not set" />
        <NewPasswordField
          label="New password"
          value={password}
          onChange={setPassword}
          error={errors.newPassword}
          onCorrect={reset}
        />
        <p className="muted">All your sessions end, and you sign in with the new password.</p>
        <Button type="submit" kind="primary" busy={busy}>
          Set the password
        </Button>
      </form>
    </AuthCard>
  );
}

function NotValid({ code }: { code: string }) {
  const { title, advice } = explainCode(code);
  return (
    <AuthCard title={TITLE}>
      <Banner tone="error" title={title}>
        {advice}
      </Banner>
      <Link className="button button-primary" to="/sign-in/forgot" replace>
        Ask for another link
      </Link>
      <p className="sign-in-aside">
        <Link to="/sign-in">Back to the sign-in</Link>
      </p>
    </AuthCard>
  );
}
