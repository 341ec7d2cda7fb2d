import { join, signIn } from '../harness/people.mjs';

/** Codes by mail: to sign in, to verify an address, to reset a password, to change the address. */
export default async function emailOtp(scene) {
  const { step, person, mail } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  const carol = person('Carol');
  await join(scene, alice);
  const { client, email } = alice;
  const send = (to, type) => () => client.emailOtp.sendVerificationOtp({ email: to, type });

  await step('no address', send('nobody', 'sign-in'));
  await step('no such type', send(email, 'coffee'));
  await step('a code', send(email, 'sign-in'));
  const { otp } = await step('its mail', () => mail(email));
  await step('check it', () => client.emailOtp.checkVerificationOtp({ email, type: 'sign-in', otp }));
  await step('check a wrong one', () => client.emailOtp.checkVerificationOtp({ email, type: 'sign-in', otp: 'wrong' }));
  await step('a wrong code', () => client.signIn.emailOtp({ email, otp: 'wrong' }));
  await step('sign in', () => client.signIn.emailOtp({ email, otp }));
  await step('the code again', () => client.signIn.emailOtp({ email, otp }));
  await step('sign out', () => client.signOut());
  await step('a code to be guessed', send(email, 'sign-in'));
  const guessed = await step('its mail to be guessed', () => mail(email));
  for (const turn of ['first', 'second', 'third', 'fourth']) {
    await step(`the ${turn} guess`, () => client.signIn.emailOtp({ email, otp: 'wrong' }));
  }
  await step('the right one too late', () => client.signIn.emailOtp({ email, otp: guessed.otp }));
  await step('somebody new', send(bob.email, 'sign-in'));
  const fresh = await step('its mail to somebody new', () => mail(bob.email));
  await step('somebody new signs in', () => bob.client.signIn.emailOtp({ email: bob.email, otp: fresh.otp, name: 'Bob' }));

  await step('sign up', () => carol.client.signUp.email({ name: 'Carol', email: carol.email, password: carol.password }));
  await step('its link', () => mail(carol.email));
  await step('a code to verify with', send(carol.email, 'email-verification'));
  const verification = await step('its mail to verify with', () => mail(carol.email));
  const verify = (code) => () => carol.client.emailOtp.verifyEmail({ email: carol.email, otp: code });
  await step('verify with a wrong code', verify('wrong'));
  await step('verify', verify(verification.otp));
  await step('verify again', verify(verification.otp));

  await step('forgotten by nobody', () => client.emailOtp.requestPasswordReset({ email: 'nobody@example.com' }));
  await step('forgotten', () => client.emailOtp.requestPasswordReset({ email }));
  const reset = await step('its mail to reset with', () => mail(email));
  const password = 'another password';
  const change = (code, next) => () => client.emailOtp.resetPassword({ email, otp: code, password: next });
  await step('reset with a wrong code', change('wrong', password));
  await step('reset to a short one', change(reset.otp, 'short'));
  await step('reset', change(reset.otp, password));
  alice.password = password;
  await signIn(scene, alice);

  await step('forgotten, at the old address of the endpoint', () => client.forgetPassword.emailOtp({ email }));
  await step('its mail from the old address', () => mail(email));

  const newEmail = `new.${email}`;
  await step('change to no address', () => client.emailOtp.requestEmailChange({ newEmail: 'nobody' }));
  await step('change the address', () => client.emailOtp.requestEmailChange({ newEmail }));
  const moved = await step('its mail to the new address', () => mail(newEmail));
  await step('change with a wrong code', () => client.emailOtp.changeEmail({ newEmail, otp: 'wrong' }));
  await step('change', () => client.emailOtp.changeEmail({ newEmail, otp: moved.otp }));
  await step('it is changed', () => client.getSession());
}
