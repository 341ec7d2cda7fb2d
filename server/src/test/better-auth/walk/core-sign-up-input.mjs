/** Forms that are refused. */
export default async function signUpInput({ step, person }) {
  const alice = person('Alice');
  const form = { name: 'Alice', email: alice.email, password: alice.password };
  const attempt = (change) => () => alice.client.signUp.email({ ...form, ...change });
  await step('a short password', attempt({ password: 'seven77' }));
  await step('a password that is too long', attempt({ password: 'x'.repeat(129) }));
  await step('no password', attempt({ password: '' }));
  await step('no address', attempt({ email: 'alice' }));
  await step('two addresses', attempt({ email: 'alice@example.com,mallory@example.com' }));
  await step('no name', attempt({ name: undefined }));
  await step('a name that is a number', attempt({ name: 1 }));
  await step('a callback elsewhere', attempt({ callbackURL: 'https://evil.example' }));
  await step('a role of their own choice', attempt({ role: 'admin' }));
  await step('an address that they say is verified', attempt({ emailVerified: true }));
  await step('nothing', () => alice.send('POST', '/api/auth/sign-up/email', '{}'));
}
