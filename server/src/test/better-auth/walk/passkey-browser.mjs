import { Browser } from '../harness/browser.mjs';
import { join } from '../harness/people.mjs';

/** The client in a real browser, whose device makes and uses passkeys. */
export default async function passkeyBrowser(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  await join(scene, alice);
  const browser = await Browser.of(alice);
  const signOut = (name) => step(name, () => browser.call('signOut', {}));
  try {
    await step('sign in', () => browser.call('signIn.email', { email: alice.email, password: alice.password }));
    const { data: made } = await step('add', () => browser.call('passkey.addPasskey', { name: 'Laptop' }));
    same('passkeys on the device', await browser.passkeys(), 1);
    const again = await step('add to the same device', () => browser.call('passkey.addPasskey', { name: 'Again' }));
    same('what is told of it', again.error?.code, 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED');
    const { data: listed } = await step('list', () => browser.call('passkey.listUserPasskeys'));
    same('the one that is listed', listed.map(({ id, name }) => [id, name].join()).join(), `${made.id},Laptop`);
    await step('rename', () => browser.call('passkey.updatePasskey', { id: made.id, name: 'Old laptop' }));

    await signOut('sign out');
    same('signed out', (await step('nobody', () => browser.call('getSession'))).data, null);
    await step('sign in by it', () => browser.call('signIn.passkey'));
    const { data: session } = await step('who is there', () => browser.call('getSession'));
    same('who came in', session.user.email, alice.email);
    await signOut('sign out again');
    await step('sign in by the suggestion of the form', () => browser.call('signIn.passkey', { autoFill: true }));
    same('who came in', (await step('who is there now', () => browser.call('getSession'))).data.user.email, alice.email);

    await step('remove', () => browser.call('passkey.deletePasskey', { id: made.id }));
    await signOut('sign out at last');
    const refused = await step('sign in by one that is gone', () => browser.call('signIn.passkey'));
    same('what the device offers is refused', refused.data, null);
    same('nobody came in', (await step('still nobody', () => browser.call('getSession'))).data, null);
  } finally {
    await browser.close();
  }
}

/** What the client itself says is the same at both servers. */
function same(what, found, wanted) {
  if (found !== wanted) {
    throw new Error(`${what}: ${found}, not ${wanted}`);
  }
}
