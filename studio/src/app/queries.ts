import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isNotMember, isUnauthorized } from '../api/problem';

const RETRIES = 3;

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
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // What the server refuses once it refuses again.
        retry: (failures, error) =>
          failures < RETRIES && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  });
}
