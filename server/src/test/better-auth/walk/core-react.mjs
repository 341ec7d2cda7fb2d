import { createAuthClient } from 'better-auth/react';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { plugins } from '../harness/person.mjs';
import { join } from '../harness/people.mjs';

/**
 * The React client: a component that uses `useSession` is rendered, and the store behind it is asked to fetch, as it does
 * by itself where there is a window.
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
  const store = client.$store.atoms.session;
  expect(renderToString(createElement(Greeting)), '<p>One moment</p>');
  await step('nobody is signed in', () => seen.refetch());
  expect(store.get().data, null);
  await step('sign in', () => client.signIn.email({ email: alice.email, password: alice.password }));
  await step('somebody is', () => seen.refetch());
  expect(store.get().data.user.email, alice.email);
  expect(store.get().data.session.expiresAt instanceof Date, true);
  await step('sign out', () => client.signOut());
  await step('nobody is signed in any more', () => seen.refetch());
  expect(store.get().data, null);
}

function expect(value, expected) {
  if (value !== expected) {
    throw new Error(`${JSON.stringify(value)} is not ${JSON.stringify(expected)}`);
  }
}
