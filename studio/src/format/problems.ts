import type { PasskeyFault } from '../api/webauthn';
import { PasskeyError } from '../api/webauthn';
import { ApiError, fieldErrors, messageOf } from '../api/problem';
import { PROVIDER_EXPLANATIONS } from './providerProblems';

export interface Explanation {
  title: string;
  advice: string;
}

const NOT_VALID: Explanation = {
  title: 'This link is not valid any more',
  advice: 'It was used already, or is too old. Ask for another one.',
};

const CONFIRM_FIRST: Explanation = {
  title: 'Your address is not confirmed yet',
  advice: 'Confirm it in your account; an invitation counts for the owner of its address alone.',
};

const TOO_LONG_AGO: Explanation = {
  title: 'You signed in too long ago for this',
  advice: 'Sign in again, and then repeat it.',
};

/** What a code of the server's means for people, by the word at the end of the problem's type. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  'invalid-token': NOT_VALID,
  'token-expired': NOT_VALID,
  'link-not-valid': {
    title: 'This link was used already, or is too old',
    advice:
      'It works once, within an hour. Sign in another way, or make a new one on the server’s machine: ./mainstay owner reset',
  },
  'key-not-valid': { title: 'This key is not known', advice: 'It may be revoked, or not be whole.' },
  'invalid-email-or-password': {
    title: 'Address or password is wrong',
    advice: 'Try again, or sign in by a mail instead.',
  },
  'email-not-verified': {
    title: 'Your address is not confirmed yet',
    advice: 'Open the link in the mail that we have sent you.',
  },
  'banned-user': {
    title: 'This account is banned',
    advice: 'Ask whoever runs this server.',
  },
  'invalid-user': {
    title: 'This link belongs to another account',
    advice: 'Sign out, and open it again.',
  },
  'sign-in-required': {
    title: 'Sign in first',
    advice: 'Sign in to the account whose address is to change, and confirm again.',
  },
  'email-is-taken': {
    title: 'Another account has this address by now',
    advice: 'Ask whoever runs this server.',
  },
  'email-password-sign-up-disabled': {
    title: 'Not everybody can sign up here',
    advice: 'Ask whoever runs this server for an account or an invitation.',
  },
  'too-many-attempts': {
    title: 'Too many wrong codes',
    advice: 'That code counts no more. Ask for another one.',
  },
  'invalid-two-factor-cookie': {
    title: 'Your sign-in has taken too long',
    advice: 'The second step counts for ten minutes, in the same browser. Begin again.',
  },
  'too-many-attempts-request-new-code': {
    title: 'Too many wrong codes',
    advice: 'Sign in again, and then use another one.',
  },
  'otp-not-enabled': {
    title: 'A code by mail is not enough here',
    advice: 'Use the code of your app, or a backup code.',
  },
  'email-mismatch': { title: 'This is not your address', advice: 'Reload the page, and try again.' },
  'email-already-verified': { title: 'The address is confirmed already', advice: 'There is nothing to do.' },
  'password-already-set': {
    title: 'There is a password already',
    advice: 'Reload the page to change it.',
  },
  'credential-account-not-found': {
    title: 'The account has no password',
    advice: 'Reload the page to set one.',
  },
  'passkey-not-found': {
    title: 'This passkey is not known here',
    advice: 'It was removed, or is of another server. Sign in another way, and remove it from your device.',
  },
  'authentication-failed': {
    title: 'This passkey was not taken',
    advice: 'Try again, or sign in another way.',
  },
  'challenge-not-found': {
    title: 'That has taken too long',
    advice: 'A passkey is asked for within five minutes, in the same browser. Try again.',
  },
  'previously-registered': {
    title: 'This passkey is there already',
    advice: 'It stands in the list.',
  },
  'too-many-passkeys': {
    title: 'You have 20 passkeys, which is the most',
    advice: 'Remove one that you do not use any more.',
  },
  'failed-to-verify-registration': {
    title: 'The server does not take this passkey',
    advice: 'Try again, or another device.',
  },
  'session-expired': TOO_LONG_AGO,
  'session-not-fresh': TOO_LONG_AGO,
  'invitation-not-found': {
    title: 'This invitation is not valid any more',
    advice: 'It was answered or taken back, or is too old. Ask for another one.',
  },
  'you-are-not-the-recipient-of-the-invitation': {
    title: 'This invitation was sent to another address',
    advice: 'Sign in with the address that got the mail.',
  },
  'email-verification-required-for-invitation': CONFIRM_FIRST,
  'email-verification-required-before-accepting-or-rejecting-invitation': CONFIRM_FIRST,
  'inviter-is-no-longer-a-member-of-the-organization': {
    title: 'This invitation is not valid any more',
    advice: 'Whoever sent it has left the organization. Ask somebody else of it.',
  },
  'you-cannot-leave-your-own-organization': {
    title: 'This is your own organization',
    advice: 'It was made with your account, and stays as long as you do.',
  },
  'you-cannot-delete-your-own-organization': {
    title: 'This is somebody’s own organization',
    advice: 'It was made with an account, and goes with it.',
  },
  'you-cannot-leave-the-organization-as-the-only-owner': {
    title: 'You are its only owner',
    advice: 'Make somebody else an owner before you go.',
  },
  'you-cannot-leave-the-organization-without-an-owner': {
    title: 'An organization needs an owner',
    advice: 'Make somebody else an owner first.',
  },
  'role-is-assigned-to-members': {
    title: 'Members still have this role',
    advice: 'Give them another one first.',
  },
  'you-are-not-allowed-to-invite-user-with-this-role': {
    title: 'You may not give this role',
    advice: 'Nobody gives what they may not do themselves.',
  },
  'user-is-already-invited-to-this-organization': {
    title: 'Is invited already',
    advice: 'Send the invitation again from the list.',
  },
  'invitation-limit-reached': {
    title: 'Too many invitations wait',
    advice: 'Take some of them back first.',
  },
  'organization-membership-limit-reached': {
    title: 'The organization is full',
    advice: 'Ask its owners to make room.',
  },
  'user-is-already-a-member-of-this-organization': {
    title: 'You are in this organization already',
    advice: 'There is nothing to accept.',
  },
  'you-cannot-impersonate-admins': {
    title: 'Nobody acts in the name of an administrator',
    advice: 'Take the administration away from them first, if that is meant.',
  },
  'user-already-exists-use-another-email': {
    title: 'Somebody has this address already',
    advice: 'Use another one, or look for them in the list.',
  },
  'last-administrator': {
    title: 'The server needs an administrator',
    advice: 'This is the only one. Make somebody else one first.',
  },
  'last-owner': {
    title: 'You are the only owner of an organization that others use',
    advice: 'Give it another owner, or delete it, before you go.',
  },
  'email-changed-lately': {
    title: 'Your address was changed within the last seven days',
    advice:
      'Its former mailbox may take that back. Wait until then, or ask an administrator to delete your account.',
  },
  'address-not-at-domain': {
    title: 'Whoever asks has another address by now',
    advice: 'It is at no domain of this organization. Invite them, if that is meant.',
  },
};

const COMMON = 'Attackers try this one first. Choose another.';

/** Codes that speak of one field: its name, and what is shown below it. */
const FIELDS: Readonly<Record<string, readonly [field: string, message: string]>> = {
  'invalid-email': ['email', 'This is no e-mail address'],
  'same-email': ['email', 'This is your address already'],
  'password-too-short': ['newPassword', 'At least 8 characters'],
  'password-too-long': ['newPassword', 'At most 128 characters'],
  'password-compromised': ['newPassword', COMMON],
  'invalid-password': ['password', 'This is not your password'],
  'organization-slug-already-taken': ['slug', 'Another organization has this slug'],
  'organization-already-exists': ['slug', 'Another organization has this slug'],
  'role-name-is-already-taken': ['role', 'There is such a role already'],
  'domain-is-not-yours': ['domain', 'Anybody can have an address at this domain'],
  'domain-is-taken': ['domain', 'Another organization has proved that this domain is its own'],
  'domain-limit-reached': ['domain', 'An organization has 20 domains at most'],
  'invalid-otp': ['otp', 'This is not the code'],
  'invalid-code': ['otp', 'This is not the code, or it was used already'],
  'invalid-backup-code': ['otp', 'This is no backup code of yours, or it was used already'],
  'otp-has-expired': ['otp', 'This code is too old. Ask for another one'],
  'otp-expired': ['otp', 'This code is too old. Ask for another one'],
};

/** How long to wait, as one says it. */
export function waitWords(seconds: number): string {
  if (seconds <= 90) {
    return seconds === 1 ? '1 second' : `${seconds} seconds`;
  }
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** The code of a redirect, `?error=INVALID_TOKEN`. Nothing of it is shown: anybody can write such a link. */
export function explainCode(code: string): Explanation {
  const field = FIELDS[word(code)];
  return (
    PROVIDER_EXPLANATIONS[word(code)] ??
    EXPLANATIONS[word(code)] ?? {
      title: 'That did not work',
      advice: field ? `${field[1]}.` : 'Try it once more.',
    }
  );
}

function word(code: string): string {
  return code.toLowerCase().replaceAll('_', '-');
}

/** What the browser says of a passkey. */
const PASSKEY_FAULTS: Readonly<Record<PasskeyFault, Explanation>> = {
  canceled: {
    title: 'No passkey was used',
    advice: 'It was canceled, has taken too long, or there is none for this server on this device.',
  },
  known: {
    title: 'This device has a passkey for this account already',
    advice: 'Use that one, or another device.',
  },
  host: {
    title: 'Passkeys do not work at this address',
    advice: 'They belong to the address that the server is configured with. Open Mainstay there.',
  },
  unsupported: { title: 'This device cannot make such a passkey', advice: 'Try another device.' },
};

export function explain(error: unknown, title: string): Explanation {
  if (error instanceof PasskeyError) {
    return PASSKEY_FAULTS[error.fault];
  }
  if (!(error instanceof ApiError)) {
    return { title, advice: messageOf(error) };
  }
  if (error.status === 429) {
    return { title: 'Too many attempts', advice: `Try again in ${waitWords(error.retryAfter ?? 60)}.` };
  }
  return EXPLANATIONS[error.code] ?? PROVIDER_EXPLANATIONS[error.code] ?? { title, advice: error.message };
}

/** What is wrong at a field: `email`, `otp`, `newPassword`, `password` for the one there is, or the API's name. */
export function problemFields(error: unknown): Record<string, string> {
  const field = error instanceof ApiError ? FIELDS[error.code] : undefined;
  return field ? { [field[0]]: field[1] } : fieldErrors(error);
}
