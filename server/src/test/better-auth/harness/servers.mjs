/** The two servers that a walk may meet. What differs between them beside the protocol is here: reading mails, and who is an admin. */

const DEADLINE_MILLIS = 5_000;
const PAUSE_MILLIS = 20;

/** Mails that Better Auth does not send. */
const NOTICES = ['security-notice', 'account-exists', 'email-changed', 'sign-up-by-invitation'];

/** @param key of a Mainstay server's owner; without one it is the reference */
export function serverAt(url, key) {
  const side = key ? mainstay(url, key) : reference(url);
  const taken = new Map();
  return {
    url,
    makeAdmin: side.makeAdmin,
    /** The next mail to an address: {url, otp}. */
    async mail(to) {
      const before = taken.get(to) ?? 0;
      taken.set(to, before + 1);
      const deadline = Date.now() + DEADLINE_MILLIS;
      for (;;) {
        const mails = await side.mails(to, before);
        if (mails.length > before) {
          return mails[before];
        }
        if (Date.now() > deadline) {
          throw new Error('a mail did not come');
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
      }
    },
  };
}

function reference(url) {
  return {
    mails: async (to) => (await json(`${url}/__mails`)).filter((mail) => mail.to === to),
    makeAdmin: (email) => json(`${url}/__admin`, { method: 'POST', body: JSON.stringify({ email }) }),
  };
}

function mainstay(url, key) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return {
    async mails(to, from) {
      const own = (await pages(`${url}/api/admin/mails?limit=200`, headers))
        .filter((mail) => mail.to === to && !NOTICES.includes(mail.kind))
        .reverse();
      return Promise.all(own.map((mail, at) => (at < from ? null : read(`${url}/api/admin/mails/${mail.id}`, headers))));
    },
    async makeAdmin(email) {
      const { users } = await json(`${url}/api/auth/admin/list-users?limit=100`, { headers });
      const userId = users.find((user) => user.email === email).id;
      await json(`${url}/api/auth/admin/set-role`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ userId, role: 'admin' }),
      });
    },
  };
}

/** All that a list has, newest first. */
async function pages(url, headers) {
  const all = [];
  let cursor = '';
  do {
    const { items, nextCursor } = await json(url + cursor, { headers });
    all.push(...items);
    cursor = nextCursor ? `&cursor=${encodeURIComponent(nextCursor)}` : '';
  } while (cursor);
  return all;
}

/** What a page of Mainstay's links asks for by its button, as Better Auth's own links and clients do. */
const LINKS = {
  '/links/verify-email': '/api/auth/verify-email',
  '/links/sign-in': '/api/auth/magic-link/verify',
  '/links/delete-account': '/api/auth/delete-user/callback',
};

/** A mail leads to a page with a button, and the token behind the #; a walk opens what stands behind the button. */
function opened(link) {
  const { origin, pathname, hash } = new URL(link);
  return pathname in LINKS ? `${origin}${LINKS[pathname]}?${hash.slice(1)}` : link;
}

/** A mail is plain text; it has one link or one code. */
async function read(url, headers) {
  const { text } = await json(url, { headers });
  const link = /https?:\/\/\S+/.exec(text)?.[0];
  return link ? { url: opened(link) } : { otp: /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0] };
}

async function json(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) {
    throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  }
  return response.json();
}
