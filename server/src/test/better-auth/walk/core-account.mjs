import { enter, join, signIn } from '../harness/people.mjs';

/** What people change about themselves, up to leaving. */
export default async function account(scene) {
  const { step, person, mail } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  const { client } = alice;

  const verify = (who, form) => () => who.client.sendVerificationEmail(form);
  await step('verify an address of nobody', verify(alice, { email: 'nobody@example.com' }));
  await step('verify no address', verify(alice, { email: 'nobody' }));
  await step('sign up', () => client.signUp.email({ name: 'Alice', email: alice.email, password: alice.password }));
  await step('its mail', () => mail(alice.email));
  await step('the mail again', verify(alice, { email: alice.email, callbackURL: '/welcome' }));
  const again = await step('the second mail', () => mail(alice.email));
  await step('its link', () => alice.open(again.url));
  await signIn(scene, alice);
  await step('verify a verified address', verify(alice, { email: alice.email }));
  await step('verify the address of another', verify(alice, { email: bob.email }));
  await enter(scene, bob);

  await step('a new name', () => client.updateUser({ name: 'Alice L.' }));
  await step('a new image', () => client.updateUser({ image: 'https://example.com/alice.png' }));
  await step('no image', () => client.updateUser({ image: null }));
  await step('nothing new', () => alice.send('POST', '/api/auth/update-user', '{}'));
  await step('an address', () => client.updateUser({ email: 'other@example.com' }));
  await step('a name that is a number', () => client.updateUser({ name: 1 }));
  await step('a field that is not there', () => client.updateUser({ nickname: 'Al' }));
  await step('a role', () => client.updateUser({ role: 'admin' }));
  await step('what has become of it', () => client.getSession());
  await step('a session has no fields', () => client.updateSession({ theme: 'dark' }));

  const accounts = await step('accounts', () => client.listAccounts());
  await step('the only account', () => client.unlinkAccount({ accountId: accounts.data[0].id }));
  await step('link a provider that is not there', () => client.linkSocial({ provider: 'github' }));
  await step('tokens of an account', () => client.getAccessToken({ accountId: accounts.data[0].id }));
  await step('refresh them', () => client.refreshToken({ accountId: accounts.data[0].id }));
  await step('what the provider says', () => client.accountInfo({ query: { accountId: accounts.data[0].id } }));

  const moved = `new.${alice.email}`;
  const change = (form) => () => client.changeEmail(form);
  await step('change to the same address', change({ newEmail: alice.email }));
  await step('change to no address', change({ newEmail: 'nobody' }));
  await step("change to another one's", change({ newEmail: bob.email }));
  await step('change the address', change({ newEmail: moved, callbackURL: '/settings' }));
  const agree = await step('the mail to the old address', () => mail(alice.email));
  await step('its owner agrees', () => alice.open(agree.url));
  const link = await step('the mail to the new address', () => mail(moved));
  await step('its owner opens it', () => alice.open(link.url));
  await step('it is changed', () => client.getSession());
  await step('the link again', () => alice.open(link.url));

  await step('leave with a wrong password', () => client.deleteUser({ password: 'wrong password' }));
  await step('leave with a wrong token', () => client.deleteUser({ token: 'wrong' }));
  await step('a link that is none', () =>
    alice.open(`${alice.server}/api/auth/delete-user/callback?token=wrong&callbackURL=%2Fbye`),
  );
  await step('leave', () => client.deleteUser({ password: alice.password }));
  await step('gone', () => client.getSession());
  await step('sign in', () => client.signIn.email({ email: moved, password: alice.password }));
  await step('leave without a password', () => bob.client.deleteUser());
  await step('leave when signed out', () => bob.client.deleteUser());
  await join(scene, alice);
}
