/** From the form to the first session. */
export default async function signUp({ step, person, mail, server }) {
  const alice = person('Alice');
  const { email, password } = alice;
  const form = { name: 'Alice', email, password };

  await step('the server is there', () => alice.send('GET', '/api/auth/ok'));
  await step('nobody is signed in', () => alice.client.getSession());
  await step('sign up', () => alice.client.signUp.email({ ...form, callbackURL: '/welcome' }));
  const first = await step('its mail', () => mail(email));
  await step('sign up again', () => alice.client.signUp.email({ ...form, name: 'Mallory' }));
  await step('sign in before the address is verified', () => alice.client.signIn.email({ email, password }));
  await step('a wrong token without callback', () => alice.open(`${server.url}/api/auth/verify-email?token=wrong`));
  await step('a wrong token with callback', () =>
    alice.open(`${server.url}/api/auth/verify-email?token=wrong&callbackURL=%2Fwelcome`),
  );
  await step('no token', () => alice.open(`${server.url}/api/auth/verify-email`));
  await step('a callback elsewhere', () =>
    alice.open(`${server.url}/api/auth/verify-email?token=${first.token}&callbackURL=https%3A%2F%2Fevil.example`),
  );
  await step('the link of the mail', () => alice.open(first.url));
  await step('the link again', () => alice.open(first.url));
  await step('verifying does not sign in', () => alice.client.getSession());
  await step('sign in', () => alice.client.signIn.email({ email, password }));
  await step('who is signed in', () => alice.client.getSession());
  await step('sign out', () => alice.client.signOut());
  await step('after signing out', () => alice.client.getSession());
  await step('sign out again', () => alice.client.signOut());

  const bob = person('Bob');
  await step('sign up with an image', () =>
    bob.client.signUp.email({ name: 'Bob', email: bob.email, password: bob.password, image: 'https://example.com/bob.png' }),
  );
  const second = await step('its mail without callback', () => mail(bob.email));
  await step('a token without callback', () => bob.client.verifyEmail({ query: { token: second.token } }));
  await step('the token again', () => bob.client.verifyEmail({ query: { token: second.token } }));
}
