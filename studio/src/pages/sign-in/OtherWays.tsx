import { useState } from 'react';
import { signInByKey } from '../../api/identity';
import { ApiError } from '../../api/problem';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';

const NO_KEY = 'A key begins with ms_';

/** For operators: a key, and the link that the server’s machine makes. */
export function OtherWays({ onSignedIn }: { onSignedIn: () => unknown }) {
  const [key, setKey] = useState('');
  const { form, run, busy, errors, error } = useSubmit({
    check: (secret: string) => ({ key: secret === '' ? NO_KEY : undefined }),
    send: signInByKey,
    onDone: onSignedIn,
  });
  const malformed = error instanceof ApiError && error.status === 400;
  return (
    <details className="other-ways">
      <summary>Other ways</summary>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run(key.trim());
        }}
      >
        {!malformed && <ProblemBanner error={error} title="Not signed in" />}
        <Field label="API key" error={malformed ? NO_KEY : errors.key}>
          {(attributes) => (
            <input
              {...attributes}
              type="password"
              autoComplete="off"
              spellCheck={false}
              placeholder="ms_…"
              maxLength={200}
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={busy}>
          Sign in by the key
        </Button>
      </form>
      <p className="muted">
        The server printed a sign-in link when it first started. A key can be made on its machine at any time:
      </p>
      <pre className="code">./mainstay key create --name me</pre>
    </details>
  );
}
