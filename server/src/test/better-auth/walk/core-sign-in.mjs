import { join } from '../harness/people.mjs';

/** Passwords that fit and that do not, and how a session is carried. */
export default async function signIn(scene) {
  const { step, person, server } = scene;
  const alice = person('Alice');
  const { email, password } = alice;
  await join(scene, alice);

  const attempt = (form) => () => alice.client.signIn.email(form);
  await step('a wrong password', attempt({ email, password: 'something else' }));
  await step('nobody has this address', attempt({ email: 'nobody@example.com', password }));
  await step('no address', attempt({ email: 'nobody', password }));
  await step('an empty password', attempt({ email, password: '' }));
  await step('a password that is too long', attempt({ email, password: 'x'.repeat(200) }));
  await step('the address in capitals', attempt({ email: email.toUpperCase(), password }));
  await step('with a callback', attempt({ email, password, callbackURL: '/tasks' }));
  await step('with a callback elsewhere', attempt({ email, password, callbackURL: 'https://evil.example' }));
  await step('sign out', () => alice.client.signOut());
  await step('until the browser is closed', attempt({ email, password, rememberMe: false }));
  await step('the session that is not remembered', () => alice.client.getSession());
  await step('sign out of it', () => alice.client.signOut());

  const post = '/api/auth/sign-in/email';
  const form = JSON.stringify({ email, password });
  await step('from another origin', async () => {
    await alice.client.signIn.email({ email, password });
    await alice.send('POST', post, form, { origin: 'https://evil.example' });
  });
  await step('a cookie that was made up', () =>
    alice.send('GET', '/api/auth/get-session', undefined, { cookie: 'better-auth.session_token=made.up' }),
  );
  await step('no body', () => alice.send('POST', post, ''));
  await step('no JSON', () => alice.send('POST', post, '{"email":'));
  await step('an array', () => alice.send('POST', post, '[]'));
  await step('nothing in it', () => alice.send('POST', post, '{}'));
  await step('other types', () => alice.send('POST', post, '{"email":1,"password":{}}'));
  await step('a form', () =>
    alice.send('POST', post, new URLSearchParams({ email, password }).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    }),
  );
  await step('plain text', () => alice.send('POST', post, form, { 'content-type': 'text/plain' }));
  await step('another method', () => alice.send('GET', post));
  await step('no such endpoint', () => alice.send('POST', '/api/auth/no-such-endpoint', '{}'));
  await step('a provider that is not there', () => alice.client.signIn.social({ provider: 'github' }));
  await step('a provider that nobody knows', () => alice.client.signIn.social({ provider: 'nobody' }));
  await step('back from a provider that is not there', () =>
    alice.open(`${server.url}/api/auth/callback/github?code=code&state=state`),
  );
  await step('back with a form', () =>
    alice.send('POST', '/api/auth/callback/github', 'code=code&state=state', {
      'content-type': 'application/x-www-form-urlencoded',
    }),
  );
  await step('a session by POST', () => alice.send('POST', '/api/auth/get-session', '{}'));
  await step('the page of errors', () => alice.open(`${server.url}/api/auth/error?error=access_denied`));
}
