import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { signInByKey, signInByLink } from '../../api/identity';
import { ApiError } from '../../api/problem';
import { safeTarget } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { readFragment } from './fragment';
import { signInError } from './signInError';
import './sign-in.css';

export function SignInPage() {
  useTitle('Sign in');
  const [link] = useState(readFragment);
  const [query] = useSearchParams();
  const [key, setKey] = useState('');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: (by: { token: string } | { key: string }) =>
      'token' in by ? signInByLink(by.token) : signInByKey(by.key),
    onSuccess: async () => {
      queries.clear();
      await navigate(safeTarget(link.to ?? query.get('to')), { replace: true });
    },
  });
  const { mutate } = signIn;
  const sent = useRef(false);

  useEffect(() => {
    // A link's token counts once: the browser's history must not keep it, nor a second render send it again.
    if (link.token && !sent.current) {
      sent.current = true;
      history.replaceState(history.state, '', location.pathname + location.search);
      mutate({ token: link.token });
    }
  }, [link, mutate]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate({ key: key.trim() });
  };
  const byLink = signIn.isPending && signIn.variables && 'token' in signIn.variables;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/favicon.svg" width="40" height="40" alt="" />
        <h1>Sign in to Mainstay</h1>
        {byLink ? (
          <p role="status">Signing you in by the link …</p>
        ) : (
          <>
            {signIn.error && (
              <Banner tone="error" title={signInError(signIn.error).title}>
                {signInError(signIn.error).advice}
              </Banner>
            )}
            <form onSubmit={submit}>
              <Field
                label="API key"
                error={
                  signIn.error instanceof ApiError && signIn.error.status === 400
                    ? 'A key begins with ms_'
                    : undefined
                }
              >
                {(attributes) => (
                  <input
                    {...attributes}
                    type="password"
                    autoComplete="off"
                    spellCheck={false}
                    placeholder="ms_…"
                    required
                    maxLength={200}
                    value={key}
                    onChange={(event) => setKey(event.target.value)}
                  />
                )}
              </Field>
              <Button type="submit" kind="primary" busy={signIn.isPending} disabled={key.trim() === ''}>
                Sign in
              </Button>
            </form>
            <p className="muted">
              The server printed a sign-in link when it first started. A key can be made on its machine at any
              time:
            </p>
            <pre className="code">./mainstay key create --name me</pre>
          </>
        )}
      </div>
    </main>
  );
}
