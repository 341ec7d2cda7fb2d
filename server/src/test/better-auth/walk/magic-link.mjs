import { join } from '../harness/people.mjs';

/** Signing in by a link, with an account and without one. */
export default async function magicLink(scene) {
  const { step, person, mail, server } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  await join(scene, alice);
  const { client, email } = alice;
  const verify = '/api/auth/magic-link/verify';

  await step('no address', () => client.signIn.magicLink({ email: 'nobody' }));
  await step('a callback elsewhere', () => client.signIn.magicLink({ email, callbackURL: 'https://evil.example' }));
  await step('a link', () => client.signIn.magicLink({ email, callbackURL: '/tasks', errorCallbackURL: '/failed' }));
  const first = await step('its mail', () => mail(email));
  await step('it is opened', () => alice.open(first.url));
  await step('signed in', () => client.getSession());
  await step('it is opened again', () => alice.open(first.url));
  await step('sign out', () => client.signOut());
  await step('a wrong token', () => alice.open(`${server.url}${verify}?token=wrong&callbackURL=%2Ftasks`));
  await step('a wrong token without callback', () => alice.open(`${server.url}${verify}?token=wrong`));
  await step('no token', () => alice.open(`${server.url}${verify}`));
  await step('a link to elsewhere', () => alice.open(`${server.url}${verify}?token=wrong&callbackURL=https%3A%2F%2Fevil.example`));
  await step('another link', () => client.signIn.magicLink({ email }));
  const second = await step('its mail without callback', () => mail(email));
  await step('verify by the client', () => client.magicLink.verify({ query: { token: second.token } }));

  await step('a link for somebody new', () =>
    bob.client.signIn.magicLink({ email: bob.email, name: 'Bob', callbackURL: '/tasks', newUserCallbackURL: '/welcome' }),
  );
  const third = await step('its mail to somebody new', () => mail(bob.email));
  await step('somebody new opens it', () => bob.open(third.url));
  await step('somebody new is signed in', () => bob.client.getSession());
  await step('and has an account without a password', () => bob.client.listAccounts());
}
