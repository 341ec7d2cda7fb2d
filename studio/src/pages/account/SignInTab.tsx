import type { Account, User } from '../../api/types';
import { hasPassword } from './accounts';
import { ChangePassword, FirstPassword } from './PasswordForms';
import { EmailForm } from './EmailForm';
import { LinkedAccounts } from './LinkedAccounts';
import { PasskeysSetting } from './PasskeysSetting';
import { Setting } from '../../ui/Setting';
import { TwoFactorSetting } from './TwoFactorSetting';

interface Props {
  user: User;
  accounts: Account[];
  locked: boolean;
  /** By a link about a change of address. */
  arrived: boolean;
}

export function SignInTab({ user, accounts, locked, arrived }: Props) {
  return (
    <>
      <Setting
        title="E-mail"
        about={
          user.email
            ? 'By it you sign in, and get back in when you have forgotten your password.'
            : 'With an address you can sign in by mail, from any browser, and get back in when a key is lost.'
        }
      >
        <EmailForm user={user} locked={locked} arrived={arrived} />
      </Setting>
      <Setting
        title="Password"
        about={
          hasPassword(accounts)
            ? 'Change it here. What you have forgotten is set anew by mail.'
            : 'You sign in without one. You can set one besides.'
        }
      >
        {hasPassword(accounts) ? (
          <ChangePassword user={user} />
        ) : (
          <FirstPassword user={user} locked={locked || !user.email} />
        )}
      </Setting>
      <LinkedAccounts accounts={accounts} locked={locked} />
      <Setting
        title="Passkeys"
        about="Sign in with your fingerprint, your face or the PIN of a device. Nobody can read or guess a passkey."
      >
        <PasskeysSetting locked={locked} />
      </Setting>
      <Setting
        title="Second factor"
        about="A code of an app on your phone besides. Who learns your password, or reads your mail, is not in yet."
      >
        <TwoFactorSetting user={user} byPassword={hasPassword(accounts)} locked={locked} />
      </Setting>
    </>
  );
}
