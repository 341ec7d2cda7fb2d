import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { ApiError } from '../api/problem';
import { pathWith } from '../app/target';
import { explain } from '../format/problems';
import { Banner } from './Banner';

interface Props {
  error: unknown;
  /** What did not happen, where the error has no sentence of its own. */
  title: string;
  children?: ReactNode;
}

/** An error in people's words; nothing if there is none. */
export function ProblemBanner({ error, title, children }: Props) {
  if (error == null) return null;
  const explanation = explain(error, title);
  return (
    <Banner tone="error" title={explanation.title}>
      {explanation.advice}
      {isTooLongAgo(error) && <SignInAgain />}
      {children}
    </Banner>
  );
}

/** The server asks for a sign-in of late before what moves an account or makes it stronger. */
function isTooLongAgo(error: unknown): boolean {
  return error instanceof ApiError && ['session-not-fresh', 'session-expired'].includes(error.code);
}

function SignInAgain() {
  const { pathname, search } = useLocation();
  return (
    <p className="banner-action">
      <Link className="button" to={pathWith('/sign-in', { to: pathname + search })}>
        Sign in again
      </Link>
    </p>
  );
}
