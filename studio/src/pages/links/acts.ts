import type { MailLink } from '../../api/links';
import { confirmEmail, deleteByLink, enterByLink, restoreEmail } from '../../api/links';
import { pathWith } from '../../app/target';
import { ownPath } from './mailLink';

interface Act {
  title: string;
  words: string;
  button: string;
  dangerous?: boolean;
  /** Where to go then: a page here, or a URL that the server has let pass. */
  run: (link: MailLink) => Promise<string>;
}

const resetPath = (token: string) => pathWith('/sign-in/reset', { token });

/** What the links of mails are for, by the last part of their path. */
export const ACTS: Readonly<Record<string, Act>> = {
  'verify-email': {
    title: 'Confirm your address',
    words: 'Press the button if you asked for this. Otherwise close the page; nothing happens then.',
    button: 'Confirm the address',
    run: async (link) => {
      const { url, passwordToken } = await confirmEmail(link);
      // Whoever had set a password elsewhere has not shown that the address is theirs.
      return passwordToken === undefined ? url : resetPath(passwordToken);
    },
  },
  'sign-in': {
    title: 'Sign in to Mainstay',
    words: 'This signs you in, in this browser.',
    button: 'Sign in',
    run: async (link) => {
      const { methods, url } = await enterByLink(link);
      return methods
        ? pathWith('/sign-in/two-factor', { callbackURL: link.callbackURL, methods: methods.join(',') })
        : (url ?? '/');
    },
  },
  'delete-account': {
    title: 'Delete your account',
    words: 'All your sessions and keys end, and programs that use them. This cannot be undone.',
    button: 'Delete for good',
    dangerous: true,
    run: async (link) => {
      await deleteByLink(link);
      return ownPath(link.callbackURL, location.origin) ?? '/sign-in?notice=deleted';
    },
  },
  'restore-email': {
    title: 'Take back the change of your address',
    words:
      'Your account gets this address again. All its sessions end, and so do its password and the keys, passkeys and linked accounts that were added since the change.',
    button: 'Take it back',
    run: async (link) => resetPath(await restoreEmail(link)),
  },
};
