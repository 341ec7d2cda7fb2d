import { useEffect, useEffectEvent, useState } from 'react';
import { signInByPasskey } from '../../api/passkeys';
import { ApiError } from '../../api/problem';
import { offersPasskeys } from '../../api/webauthn';

/** The server's question counts for five minutes: a form that stays open asks for another one in time. */
const RENEW_MILLIS = 4 * 60_000;

interface Options {
  /** A browser asks for one passkey at a time. */
  paused: boolean;
  onSignedIn: (methods: readonly string[] | undefined) => unknown;
  /** The server does not take the passkey that was picked. */
  onRefused: (error: ApiError) => void;
}

/** Lets the browser suggest passkeys in the field with `autocomplete="… webauthn"`. */
export function useSuggestedPasskey({ paused, onSignedIn, onRefused }: Options): void {
  const [round, setRound] = useState(0);
  const signedIn = useEffectEvent(onSignedIn);
  const refused = useEffectEvent(onRefused);
  useEffect(() => {
    if (paused) return undefined;
    const asking = new AbortController();
    const timer = setTimeout(() => setRound(round + 1), RENEW_MILLIS);
    const suggest = async () => {
      if ((await offersPasskeys()) && !asking.signal.aborted) {
        signedIn(await signInByPasskey({ inField: true, signal: asking.signal }));
      }
    };
    suggest().catch((error: unknown) => {
      // What was not asked for says nothing: the other ways to sign in are there.
      if (error instanceof ApiError && !asking.signal.aborted && error.status !== 0 && error.status !== 429) {
        refused(error);
      }
    });
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [paused, round]);
}
