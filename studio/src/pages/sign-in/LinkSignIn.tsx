import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { signInByLink } from '../../api/identity';
import { ProblemBanner } from '../../ui/ProblemBanner';
import type { SignInLink } from './fragment';

interface Props {
  fragment: SignInLink;
  onSignedIn: () => unknown;
  /** For who has no such link, or one that is not valid. */
  children: ReactNode;
}

/** Signs in by the one-time link of the server's machine, `#token=…`. */
export function LinkSignIn({ fragment, onSignedIn, children }: Props) {
  const { mutate, isPending, error } = useMutation({ mutationFn: signInByLink, onSuccess: onSignedIn });
  const sent = useRef<SignInLink>(undefined);
  useEffect(() => {
    // A link's token counts once: the browser's history must not keep it, nor a second render send it again.
    if (fragment.token && sent.current !== fragment) {
      sent.current = fragment;
      history.replaceState(history.state, '', location.pathname + location.search);
      mutate(fragment.token);
    }
  }, [fragment, mutate]);
  if (isPending) {
    return <p role="status">Signing you in by the link …</p>;
  }
  return (
    <>
      <ProblemBanner error={error} title="Not signed in" />
      {children}
    </>
  );
}
