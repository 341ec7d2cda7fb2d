import { useQuery } from '@tanstack/react-query';
import { getSignInOptions } from '../api/account';

/** Who can sign up on this server, and whether it sends mail. */
export function useSignInOptions() {
  return useQuery({
    queryKey: ['sign-in-options'],
    queryFn: ({ signal }) => getSignInOptions(signal),
    staleTime: Infinity,
  });
}

/** False once it is known that mails are only written to the server's log. */
export function useSendsMail(): boolean {
  return useSignInOptions().data?.sendsMail ?? true;
}
