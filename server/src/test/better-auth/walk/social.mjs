import { enter } from '../harness/people.mjs';
import { visit } from '../harness/provider.mjs';

/** Signing in at a provider, linking an account there, and its tokens. */
export default async function social(scene) {
  const { step, person, server } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  const carol = person('Carol');
  const provider = 'oidc';

  const depart = (who, form = {}) => who.client.signIn.social({ provider, callbackURL: '/tasks', ...form });
  const arrive = async (who, { data }, name = who.email) => who.open(await visit(data.url, name));

  const first = await step('set out', () => depart(alice, { newUserCallbackURL: '/welcome' }));
  await step('come back as a new user', () => arrive(alice, first));
  await step('who that is', () => alice.client.getSession());
  await step('the same answer again', async () => arrive(alice, first));
  const again = await step('set out again', () => depart(alice, { newUserCallbackURL: '/welcome' }));
  await step('come back again', () => arrive(alice, again));
  const accounts = await step('accounts', () => alice.client.listAccounts());
  const accountId = accounts.data[0].id;

  await step('a token', () => alice.client.getAccessToken({ accountId }));
  await step('new tokens', () => alice.client.refreshToken({ accountId }));
  await step('what the provider says', () => alice.client.accountInfo({ query: { accountId } }));
  await step('a token of no account', () => alice.client.getAccessToken({ accountId: 'nothing' }));
  await step('new tokens of no account', () => alice.client.refreshToken({ accountId: 'nothing' }));
  await step('what is said of no account', () => alice.client.accountInfo({ query: { accountId: 'nothing' } }));
  await step('no selection', () => alice.send('POST', '/api/auth/get-access-token', '{}'));
  await step('by a cookie', () => alice.client.getAccessToken({ useAccountCookie: true }));
  await step('the only account', () => alice.client.unlinkAccount({ accountId }));

  await step('without redirect', () => depart(bob, { disableRedirect: true }));
  await step('to another site', () => depart(bob, { callbackURL: 'https://evil.example' }));
  await step('a parameter of our own', () => depart(bob, { additionalParams: { state: 'mine' } }));
  await step('with a hint', () => depart(bob, { loginHint: bob.email, additionalParams: { prompt: 'login' } }));
  await step('no provider', () => bob.send('POST', '/api/auth/sign-in/social', '{}'));
  await step('an ID token that is none', () => depart(bob, { idToken: { token: 'none' } }));

  const refused = await step('set out to refuse', () => depart(bob, { errorCallbackURL: '/sorry' }));
  const state = (departed) => new URL(departed.data.url).searchParams.get('state');
  const callback = `${server.url}/api/auth/callback/${provider}`;
  await step('they refuse', () =>
    bob.open(`${callback}?error=access_denied&error_description=No+thanks&state=${state(refused)}&iss=${issuer(refused)}`),
  );
  const silent = await step('set out for nothing', () => depart(bob, { errorCallbackURL: '/sorry' }));
  await step('without a code', () => bob.open(`${callback}?state=${state(silent)}&iss=${issuer(silent)}`));
  const wrong = await step('set out with another code', () => depart(bob, { errorCallbackURL: '/sorry' }));
  await step('a code that is none', () => bob.open(`${callback}?code=none&state=${state(wrong)}&iss=${issuer(wrong)}`));
  const unnamed = await step('set out again to refuse', () => depart(bob, { errorCallbackURL: '/sorry' }));
  await step('without an issuer', () => bob.open(`${callback}?error=access_denied&state=${state(unnamed)}`));
  const mixed = await step('set out to another', () => depart(bob, { errorCallbackURL: '/sorry' }));
  await step('of another issuer', () =>
    bob.open(`${callback}?code=none&state=${state(mixed)}&iss=https%3A%2F%2Fevil.example`),
  );
  const nobody = await step('set out for a form', () => depart(bob, { errorCallbackURL: '/sorry' }));
  await step('a state that is none', () => bob.open(`${callback}?code=none&state=none`));
  await step('no state', () => bob.open(`${callback}?code=none`));
  await step('nothing at all', () => bob.open(callback));
  await step('an answer as a form', () =>
    bob.send('POST', `/api/auth/callback/${provider}`, `code=none&state=${state(nobody)}`, {
      'content-type': 'application/x-www-form-urlencoded',
    }),
  );

  await step('signed out: link', () => carol.client.linkSocial({ provider }));
  await step('signed out: a token', () => carol.client.getAccessToken({ accountId }));
  await step('signed out: unlink', () => carol.client.unlinkAccount({ accountId }));
  await enter(scene, carol);
  const link = await step('link', () => carol.client.linkSocial({ provider, callbackURL: '/account', errorCallbackURL: '/sorry' }));
  await step('it is linked', () => arrive(carol, link));
  const taken = await step("link another one's", () =>
    carol.client.linkSocial({ provider, callbackURL: '/account', errorCallbackURL: '/sorry' }),
  );
  await step('it is refused', () => arrive(carol, taken, alice.email));
  const both = await step('both', () => carol.client.listAccounts());
  const linked = both.data.find((account) => account.providerId === provider);
  await step('one of another', () => alice.client.getAccessToken({ accountId: linked.id }));
  const elsewhere = carol.elsewhere();
  const entry = await step('set out elsewhere', () => depart(elsewhere));
  await step('by the linked account', () => arrive(elsewhere, entry, carol.email));
  await step('unlink', () => carol.client.unlinkAccount({ accountId: linked.id }));
  await step('unlink again', () => carol.client.unlinkAccount({ accountId: linked.id }));

  const dave = person('Dave');
  await enter(scene, dave);
  const phone = dave.elsewhere();
  const same = await step('set out with the same address', () => depart(phone));
  await step('the same address is the same person', () => arrive(phone, same));
}

function issuer(departed) {
  return encodeURIComponent(new URL(departed.data.url).origin);
}
