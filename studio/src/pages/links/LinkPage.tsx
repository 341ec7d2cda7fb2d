import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { MailLink } from '../../api/links';
import { ApiError } from '../../api/problem';
import { useTitle } from '../../app/useTitle';
import { explainCode } from '../../format/problems';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { AuthCard } from '../sign-in/AuthCard';
import { ACTS } from './acts';
import { ownPath, parseMailLink } from './mailLink';

/**
 * Where the links of mails lead. Nothing happens until somebody presses the button: programs that read mail open its
 * links before people do, and run the scripts of their pages.
 */
export function LinkPage() {
  const { act = '' } = useParams();
  const [link] = useState(() => parseMailLink(location.hash));
  const known = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
  useTitle(known?.title ?? 'Link of a mail');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: (opened: MailLink) =>
      known?.run(opened) ?? Promise.reject(new Error('There is no such link.')),
    onSuccess: async (url) => {
      queries.clear();
      const path = ownPath(url, location.origin);
      // In the place of this page: the browser's history does not keep the token.
      await (path === undefined ? location.replace(url) : navigate(path, { replace: true }));
    },
  });
  if (known === undefined || link === undefined) {
    const { title, advice } = explainCode('invalid-token');
    return (
      <AuthCard title="Link of a mail">
        <Banner tone="error" title={title}>
          {advice}
        </Banner>
        <BackToSignIn />
      </AuthCard>
    );
  }
  const signedOut = error instanceof ApiError && ['sign-in-required', 'unauthorized'].includes(error.code);
  return (
    <AuthCard title={known.title}>
      <ProblemBanner error={error} title="That did not work">
        {signedOut && (
          <p className="banner-action">
            <Link
              className="button"
              to={`/sign-in#to=${encodeURIComponent(location.pathname + location.hash)}`}
            >
              Sign in, and come back
            </Link>
          </p>
        )}
      </ProblemBanner>
      <p>{known.words}</p>
      <Button
        kind={known.dangerous ? 'danger' : 'primary'}
        busy={isPending}
        disabled={isSuccess}
        onClick={() => mutate(link)}
      >
        {known.button}
      </Button>
      {error !== null && <BackToSignIn />}
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
