import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isAway, isNotMember, isServerFault, isUnauthorized } from '../api/problem';
import { pause } from '../live/backoff';
import { waitForServer } from './server';

const RETRIES = 3;
const AWAY_MILLIS = 2000;

interface Listener {
  /** The server no longer knows the session. */
  onSignedOut: () => void;
  /** The caller is not a member of the organization in the address. */
  onNotMember: () => void;
}

export function createQueries({ onSignedOut, onNotMember }: Listener): QueryClient {
  const onError = (error: Error) => {
    if (isUnauthorized(error)) {
      onSignedOut();
    } else if (isNotMember(error)) {
      onNotMember();
    }
  };
  let waiting = false;
  /** Pages that could not be filled are, as soon as the server is back. */
  const waitAndRefetch = async () => {
    if (waiting) return;
    waiting = true;
    const never = new AbortController().signal;
    await pause(AWAY_MILLIS, never);
    await waitForServer('/health/ready', never);
    waiting = false;
    await client.refetchQueries({ type: 'active', predicate: ({ state }) => isAway(state.error) });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        onError(error);
        if (isAway(error)) void waitAndRefetch();
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // What the server refuses once it refuses again.
        retry: (failures, error) => failures < RETRIES && isServerFault(error),
      },
    },
  });
  return client;
}
