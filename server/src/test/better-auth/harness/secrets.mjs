/** What of an answer or a mail nobody may find in the server's database. */
const MEMBERS = new Set(['backupCodes', 'key']);

/** @param body as it was parsed */
export function secretsIn(response, body) {
  const cookies = response.headers.getSetCookie().map((line) => line.slice(line.indexOf('=') + 1).split(';')[0]);
  return [...cookies, ...members(body)].filter((secret) => secret.length > 0);
}

function members(value, secret = false) {
  if (typeof value === 'string') {
    const ofApp = /[?&]secret=([A-Z2-7]+)/.exec(value);
    return secret ? [value] : ofApp ? [ofApp[1]] : [];
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) => members(member, secret || MEMBERS.has(name)));
}

/** What the link in a mail ends with: {url}. */
export function tokenOf({ url }) {
  return url && (new URL(url).searchParams.get('token') ?? new URL(url).pathname.split('/').pop());
}

/** An invitation's id is none: it counts only for who has proved that the address is theirs. */
export function secretsOfMail(mail) {
  const invitation = mail.url && /invitation/.test(new URL(mail.url).pathname);
  return [invitation ? undefined : tokenOf(mail), mail.otp].filter(Boolean);
}
