import { join, signIn } from '../harness/people.mjs';

/** Several people in one browser. */
export default async function multiSession(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  const { client } = alice;
  await join(scene, alice);
  await join(scene, bob);

  await step('nobody', () => client.multiSession.listDeviceSessions());
  await signIn(scene, alice);
  await step('one', () => client.multiSession.listDeviceSessions());
  await step('Bob signs in as well', () => client.signIn.email({ email: bob.email, password: bob.password }));
  const { data } = await step('two', () => client.multiSession.listDeviceSessions());
  const tokenOf = (email) => data.find(({ user }) => user.email === email).session.token;
  await step('Bob is active', () => client.getSession());
  await step('change to Alice', () => client.multiSession.setActive({ sessionToken: tokenOf(alice.email) }));
  await step('Alice is active', () => client.getSession());
  await step('change to nobody', () => client.multiSession.setActive({ sessionToken: 'nobody' }));
  await step('end nobody', () => client.multiSession.revoke({ sessionToken: 'nobody' }));
  await step("end Bob's from elsewhere", () => bob.client.multiSession.revoke({ sessionToken: tokenOf(bob.email) }));
  await step('end the active one', () => client.multiSession.revoke({ sessionToken: tokenOf(alice.email) }));
  await step('the other one is active', () => client.getSession());
  await step('sign out of all', () => client.signOut());
  await step('nobody is left', () => client.multiSession.listDeviceSessions());
}
