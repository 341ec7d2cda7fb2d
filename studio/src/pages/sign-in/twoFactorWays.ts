import type { Proof } from '../../api/twoFactor';
import { verifyAppCode, verifyBackupCode, verifyMailCode } from '../../api/twoFactor';

export type TwoFactorWay = 'app' | 'mail' | 'backup';

interface Words {
  /** To take this way in the place of another. */
  choose: string;
  about: string;
  label: string;
  digits: boolean;
  missing: string;
  send: (proof: Proof) => Promise<void>;
}

export const WAYS: Readonly<Record<TwoFactorWay, Words>> = {
  app: {
    choose: 'Use the code of your app',
    about: 'Enter the code that your authenticator app shows for Mainstay.',
    label: 'Code of the app',
    digits: true,
    missing: 'The code has 6 digits',
    send: verifyAppCode,
  },
  mail: {
    choose: 'Send a code by mail',
    about: 'A code is on its way to your address. It counts for five minutes.',
    label: 'Code of the mail',
    digits: true,
    missing: 'The code has 6 digits',
    send: verifyMailCode,
  },
  backup: {
    choose: 'Use a backup code',
    about: 'Enter one of the codes that you kept when you turned this on. Each works once.',
    label: 'Backup code',
    digits: false,
    missing: 'Enter a backup code',
    send: verifyBackupCode,
  },
};

/** Of the server's methods, `totp,otp`. Anybody can write such a link: what is not offered is refused there. */
export function waysOf(methods: string | null): readonly [TwoFactorWay, ...TwoFactorWay[]] {
  const offered = methods?.split(',') ?? [];
  if (!offered.includes('otp')) {
    return ['app', 'backup'];
  }
  return offered.includes('totp') ? ['app', 'mail', 'backup'] : ['mail'];
}
