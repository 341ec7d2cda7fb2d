import { enter } from '../harness/people.mjs';

/** Keys of a person. */
export default async function apiKey(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  const nobody = person('Nobody');
  await enter(scene, alice, bob);
  const { client } = alice;

  await step('signed out: create', () => nobody.client.apiKey.create({ name: 'key' }));
  await step('signed out: list', () => nobody.client.apiKey.list());
  await step('signed out: for somebody else', async () => {
    const { data } = await client.getSession();
    await nobody.client.apiKey.create({ name: 'key', userId: data.user.id });
  });
  const { data } = await step('create', () => client.apiKey.create({ name: 'deploy' }));
  await step('create with all', () =>
    client.apiKey.create({ name: 'short-lived', prefix: 'ci_', expiresIn: 86_400, metadata: { team: 'red' } }),
  );
  await step('a life that is too short', () => client.apiKey.create({ name: 'x', expiresIn: 1 }));
  await step('a prefix with a space', () => client.apiKey.create({ name: 'x', prefix: 'a b' }));
  await step('what only a server may set', () => client.apiKey.create({ name: 'x', permissions: { tasks: ['read'] } }));
  await step('get', () => client.apiKey.get({ query: { id: data.id } }));
  await step('get none', () => client.apiKey.get({ query: { id: 'none' } }));
  await step("get another one's", () => bob.client.apiKey.get({ query: { id: data.id } }));
  await step('list', () => client.apiKey.list());
  await step('list in pages', () => client.apiKey.list({ query: { limit: 1, offset: 1 } }));
  await step('list of another one', () => bob.client.apiKey.list());
  await step('rename', () => client.apiKey.update({ keyId: data.id, name: 'release' }));
  await step('switch off', () => client.apiKey.update({ keyId: data.id, enabled: false }));
  await step('update nothing', () => client.apiKey.update({ keyId: data.id }));
  await step('update none', () => client.apiKey.update({ keyId: 'none', name: 'x' }));
  await step("update another one's", () => bob.client.apiKey.update({ keyId: data.id, name: 'x' }));
  await step("delete another one's", () => bob.client.apiKey.delete({ keyId: data.id }));
  await step('delete none', () => client.apiKey.delete({ keyId: 'none' }));
  await step('delete', () => client.apiKey.delete({ keyId: data.id }));
  await step('delete again', () => client.apiKey.delete({ keyId: data.id }));
  await step('the other is left', () => client.apiKey.list());
}
