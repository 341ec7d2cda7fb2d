import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { signInByPasskey } from '../../api/passkeys';
import { hasPasskeys } from '../../api/webauthn';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSuggestedPasskey } from './useSuggestedPasskey';

/** @param methods of the second factor, if one is asked for */
type SignedIn = (methods: readonly string[] | undefined) => unknown;

/** A button, and passkeys among the suggestions of the address's field where the browser has that. */
export function PasskeySignIn({ onSignedIn }: { onSignedIn: SignedIn }) {
  const [refused, setRefused] = useState<unknown>(null);
  const choose = useMutation({
    mutationFn: () => signInByPasskey({ inField: false, signal: new AbortController().signal }),
    onSuccess: onSignedIn,
  });
  useSuggestedPasskey({ paused: choose.isPending, onSignedIn, onRefused: setRefused });
  if (!hasPasskeys()) return null;
  return (
    <div className="passkey-sign-in">
      <Button
        icon="passkey"
        busy={choose.isPending}
        onClick={() => {
          setRefused(null);
          choose.mutate();
        }}
      >
        Sign in with a passkey
      </Button>
      <ProblemBanner error={choose.error ?? refused} title="Not signed in" />
    </div>
  );
}
