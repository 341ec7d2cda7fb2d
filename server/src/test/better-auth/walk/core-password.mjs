import { join, signIn } from '../harness/people.mjs';

/** Changing a password, and getting in again without it. */
export default async function password(scene) {
  const { step, person, mail, server } = scene;
  const alice = person('Alice');
  const nobody = person('Nobody');
  await join(scene, alice);
  const phone = alice.elsewhere();
  await signIn(scene, alice);
  await signIn(scene, phone, 'at the phone');
  const { client, email } = alice;
  const next = 'another password';

  const change = (form) => () => client.changePassword(form);
  await step('signed out', () => nobody.client.changePassword({ currentPassword: 'x', newPassword: next }));
  await step('the current one is wrong', change({ currentPassword: 'wrong password', newPassword: next }));
  await step('too short', change({ currentPassword: alice.password, newPassword: 'short' }));
  await step('too long', change({ currentPassword: alice.password, newPassword: 'x'.repeat(129) }));
  await step('without the current one', change({ newPassword: next }));
  await step('change', change({ currentPassword: alice.password, newPassword: next }));
  await step('the phone stays signed in', () => phone.client.getSession());
  await step('change, others end', change({ currentPassword: next, newPassword: 'a third one', revokeOtherSessions: true }));
  await step('the phone is signed out', () => phone.client.getSession());
  await step('a new session goes on', () => client.getSession());

  await step('verify', () => client.verifyPassword({ password: 'a third one' }));
  await step('verify a wrong one', () => client.verifyPassword({ password: 'a fourth one' }));
  await step('verify none', () => alice.send('POST', '/api/auth/verify-password', '{}'));

  const request = (form) => () => nobody.client.requestPasswordReset(form);
  await step('reset for nobody', request({ email: 'nobody@example.com', redirectTo: '/reset' }));
  await step('reset for no address', request({ email: 'nobody' }));
  await step('reset to elsewhere', request({ email, redirectTo: 'https://evil.example' }));
  await step('reset', request({ email, redirectTo: '/reset' }));
  const { url } = await step('its mail', () => mail(email));
  const sent = await step('the link of the mail', () => nobody.open(url));
  const token = new URL(sent.headers.get('location'), server.url).searchParams.get('token');
  const path = '/api/auth/reset-password';
  await step('a wrong link', () => nobody.open(`${server.url}${path}/wrong?callbackURL=%2Freset`));
  await step('a link without callback', () => nobody.open(`${server.url}${path}/${token}`));
  await step('a link to elsewhere', () => nobody.open(`${server.url}${path}/${token}?callbackURL=https%3A%2F%2Fevil.example`));
  const reset = (form) => () => nobody.client.resetPassword(form);
  await step('a wrong token', reset({ newPassword: 'yet another one', token: 'wrong' }));
  await step('no token', reset({ newPassword: 'yet another one' }));
  await step('a new one that is too short', reset({ newPassword: 'short', token }));
  await step('a new one', reset({ newPassword: 'yet another one', token }));
  await step('the token again', reset({ newPassword: 'yet another one', token }));
  await step('all sessions have ended', () => client.getSession());
  await step('the old one', () => client.signIn.email({ email, password: 'a third one' }));
  await step('the new one', () => client.signIn.email({ email, password: 'yet another one' }));
  await step('reset without redirect', request({ email }));
  const plain = await step('its mail without redirect', () => mail(email));
  await step('the link without redirect', () => nobody.open(plain.url));
}
