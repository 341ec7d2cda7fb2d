import { createAuthClient } from 'better-auth/react';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { plugins } from '../harness/person.mjs';
import { join } from '../harness/people.mjs';

const DEADLINE_MILLIS = 5_000;

/**
 * The React client: a component that uses `useSession` is rendered, and the store behind it is kept mounted, as React does
 * in a browser. It fetches the session by itself when somebody signs in or out.
 */
export default async function react(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  await join(scene, alice);
  const client = createAuthClient({ ...alice.options, plugins: plugins() });
  let seen;
  function Greeting() {
    seen = client.useSession();
    return createElement('p', null, seen.isPending ? 'One moment' : 'Ready');
  }
  const html = renderToString(createElement(Greeting));
  expect(html === '<p>One moment</p>', html);
  const store = client.$store.atoms.session;
  const unmount = store.listen(() => {});
  await step('nobody is signed in', () => seen.refetch());
  expect(store.get().data === null && !store.get().isPending, 'nobody is signed in');
  await step('sign in', async () => {
    await client.signIn.email({ email: alice.email, password: alice.password });
    await until(store, ({ data }) => data?.user.email === alice.email);
  });
  expect(store.get().data.session.expiresAt instanceof Date, 'times are dates');
  await step('sign out', async () => {
    await client.signOut();
    await until(store, ({ data }) => data === null);
  });
  unmount();
}

function until(store, holds) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the store does not change')), DEADLINE_MILLIS);
    const stop = store.listen(check);
    check(store.get());
    function check(value) {
      if (holds(value) && !value.isRefetching) {
        clearTimeout(timer);
        stop?.();
        resolve();
      }
    }
  });
}

function expect(holds, what) {
  if (!holds) {
    throw new Error(`not so: ${what}`);
  }
}
