import { enter } from '../harness/people.mjs';

/** What needs no authenticator: what a browser is asked for, and keys that are not there. */
export default async function passkey(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  const nobody = person('Nobody');
  await enter(scene, alice);
  const register = '/api/auth/passkey/generate-register-options';
  const authenticate = '/api/auth/passkey/generate-authenticate-options';

  await step('signed out: register', () => nobody.send('GET', register));
  await step('signed out: list', () => nobody.client.passkey.listUserPasskeys());
  await step('register', () => alice.send('GET', register));
  await step('authenticate', () => nobody.send('GET', authenticate));
  await step('authenticate again', () => alice.send('GET', authenticate));
  await step('a registration that is none', () => alice.send('POST', '/api/auth/passkey/verify-registration', '{"response":{}}'));
  await step('an authentication that is none', () =>
    nobody.send('POST', '/api/auth/passkey/verify-authentication', '{"response":{"id":"none"}}'),
  );
  await step('no key', () => alice.client.passkey.listUserPasskeys());
  await step('rename none', () => alice.client.passkey.updatePasskey({ id: 'none', name: 'Laptop' }));
  await step('delete none', () => alice.client.passkey.deletePasskey({ id: 'none' }));
}
