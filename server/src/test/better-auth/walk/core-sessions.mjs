import { join, signIn } from '../harness/people.mjs';

/** One person at several devices. */
export default async function sessions(scene) {
  const { step, person } = scene;
  const laptop = person('Alice');
  const nobody = person('Nobody');
  await join(scene, laptop);
  const phone = laptop.elsewhere();
  const tablet = laptop.elsewhere();

  for (const [name, action] of [
    ['list', (client) => client.listSessions()],
    ['revoke one', (client) => client.revokeSession({ token: 'x' })],
    ['revoke others', (client) => client.revokeOtherSessions()],
    ['revoke all', (client) => client.revokeSessions()],
    ['update', (client) => client.updateUser({ name: 'X' })],
  ]) {
    await step(`signed out: ${name}`, () => action(nobody.client));
  }
  await signIn(scene, laptop, 'at the laptop');
  await signIn(scene, phone, 'at the phone');
  await signIn(scene, tablet, 'at the tablet');
  const { data } = await step('list', () => laptop.client.listSessions());
  await step('a session that is not there', () => laptop.client.revokeSession({ token: 'not there' }));
  await step('no token', () => laptop.send('POST', '/api/auth/revoke-session', '{}'));
  const own = (await step('who am I at the phone', () => phone.client.getSession())).data.session;
  await step('end the phone', () => laptop.client.revokeSession({ token: data.find(({ id }) => id === own.id).token }));
  await step('the phone is signed out', () => phone.client.getSession());
  await step('the laptop is not', () => laptop.client.getSession());
  await step('end the others', () => laptop.client.revokeOtherSessions());
  await step('the tablet is signed out', () => tablet.client.getSession());
  await step('one is left', () => laptop.client.listSessions());
  await step('end all', () => laptop.client.revokeSessions());
  await step('all are signed out', () => laptop.client.getSession());
}
