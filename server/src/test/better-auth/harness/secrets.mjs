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

/** The secret of the link in a mail: {url}. */
export function tokenOf({ url }) {
  return url && (new URL(url).searchParams.get('token') ?? new URL(url).pathname.split('/').pop());
}
