/** What the code of a redirect from a provider means for people. */
export const PROVIDER_EXPLANATIONS: Readonly<Record<string, { title: string; advice: string }>> = {
  'access-denied': { title: 'You have not agreed', advice: 'Try again, or sign in another way.' },
  'account-not-linked': {
    title: 'There is an account with your address already',
    advice: 'Sign in as you did before, and then link the other account under Account, Sign-in.',
  },
  'account-already-linked-to-different-user': {
    title: 'That account belongs to somebody else here',
    advice: 'Sign in with it, and give it up there first.',
  },
  'email-not-found': {
    title: 'The provider has not told your address',
    advice: 'Let it tell, or sign in another way.',
  },
  'email-not-verified': {
    title: 'Your address is not confirmed',
    advice: 'Confirm it with the provider, or sign up here with a password.',
  },
  'signup-disabled': {
    title: 'Not everybody can sign up here',
    advice: 'Ask whoever runs this server for an account or an invitation.',
  },
  'state-mismatch': {
    title: 'Your sign-in has taken too long',
    advice: 'It counts for ten minutes, once, in the browser in which it began. Begin again.',
  },
  'unable-to-link-account': {
    title: 'The account was not linked',
    advice: 'You have signed out meanwhile, or in as somebody else. Try again.',
  },
  'too-many-accounts': {
    title: 'You have linked too many accounts',
    advice: 'Give up one that you do not need.',
  },
  'provider-unavailable': {
    title: 'The provider does not answer',
    advice: 'Try again in a moment, or sign in another way.',
  },
  'invalid-code': { title: 'The provider did not let you in', advice: 'Try again.' },
};
