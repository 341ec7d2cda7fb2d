import { codeOf } from '../harness/code.mjs';
import { enter } from '../harness/people.mjs';

/** A second factor: an app, a code by mail, backup codes, and a device that is trusted. */
export default async function twoFactor(scene) {
  const { step, person, mail } = scene;
  const alice = person('Alice');
  await enter(scene, alice);
  const { client, email, password } = alice;
  const signIn = (who = client) => () => who.signIn.email({ email, password });

  await step('enable with a wrong password', () => client.twoFactor.enable({ password: 'wrong password' }));
  const { data } = await step('enable', () => client.twoFactor.enable({ password }));
  const totp = () => codeOf(data.totpURI);
  await step('not yet: a password is enough', signIn(alice.elsewhere().client));
  await step('a wrong code', () => client.twoFactor.verifyTotp({ code: '000000' }));
  await step('the first code', () => client.twoFactor.verifyTotp({ code: totp() }));
  await step('it is on', () => client.getSession());
  await step('the address for the app', () => client.twoFactor.getTotpUri({ password }));
  await step('the address with a wrong password', () => client.twoFactor.getTotpUri({ password: 'wrong password' }));
  await step('sign out', () => client.signOut());

  await step('a password is not enough', signIn());
  await step('half signed in', () => client.getSession());
  await step('half signed in: list', () => client.listSessions());
  await step('a wrong second factor', () => client.twoFactor.verifyTotp({ code: '000000' }));
  await step('a second factor that is none', () => client.twoFactor.verifyTotp({}));
  await step('an unknown backup code', () => client.twoFactor.verifyBackupCode({ code: 'unknown' }));
  await step('a backup code', () => client.twoFactor.verifyBackupCode({ code: data.backupCodes[0] }));
  await step('signed in', () => client.getSession());
  await step('sign out again', () => client.signOut());
  await step('the password again', signIn());
  await step('the backup code again', () => client.twoFactor.verifyBackupCode({ code: data.backupCodes[0] }));
  await step('a code by mail', () => client.twoFactor.sendOtp());
  const { otp } = await step('its mail', () => mail(email));
  await step('a wrong code of a mail', () => client.twoFactor.verifyOtp({ code: '000000' }));
  await step('the code of the mail', () => client.twoFactor.verifyOtp({ code: otp, trustDevice: true }));
  await step('the code of the mail again', () => client.twoFactor.verifyOtp({ code: otp }));
  await step('sign out of a trusted device', () => client.signOut());
  await step('at the trusted device', signIn());

  await step('other backup codes', () => client.twoFactor.generateBackupCodes({ password }));
  await step('other backup codes with a wrong password', () => client.twoFactor.generateBackupCodes({ password: 'wrong password' }));
  const nobody = person('Nobody').client;
  await step('nobody: verify', () => nobody.twoFactor.verifyTotp({ code: totp() }));
  await step('nobody: send', () => nobody.twoFactor.sendOtp());
  await step('nobody: enable', () => nobody.twoFactor.enable({ password }));
  await step('disable with a wrong password', () => client.twoFactor.disable({ password: 'wrong password' }));
  await step('disable', () => client.twoFactor.disable({ password }));
  await step('it is off', () => client.getSession());
  await step('a password is enough again', signIn(alice.elsewhere().client));
}
