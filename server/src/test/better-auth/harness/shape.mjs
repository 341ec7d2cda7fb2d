/**
 * What of an answer is compared: each value is replaced by its kind, and what differs between two runs by its name.
 */

/** Members whose value is part of the protocol. */
const KEPT = new Set([
  'active',
  'code',
  'error',
  'method',
  'permission',
  'permissions',
  'providerId',
  'role',
  'roles',
  'scopes',
  'status',
  'twoFactorMethods',
  'type',
]);
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** Ids and tokens in a path: long, or a UUID. */
const NAME = /^[\w.~-]{20,}$/;

/** A JSON value with the kind of each value in it. Members and elements are in an order of their own. */
export function shape(value, name = '', kept = false) {
  if (Array.isArray(value)) {
    return value.map((element) => shape(element, name, kept)).sort(byText);
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.keys(value).sort();
    return Object.fromEntries(members.map((member) => [member, shape(value[member], member, kept || KEPT.has(member))]));
  }
  return kind(value, name, kept);
}

/** Of an error only the status and its code count, and that there is a message. */
export function errorShape(body) {
  const text = (value) => typeof value === 'string' && value.length > 0;
  return { code: text(body?.code) ? body.code : null, message: text(body?.message) };
}

function kind(value, name, kept) {
  if (typeof value === 'boolean' || kept) {
    return String(value);
  }
  if (value === null) {
    return 'null';
  }
  if (typeof value !== 'string') {
    return typeof value;
  }
  if (name === 'id' || /(Id|By)$/.test(name)) {
    return 'id';
  }
  if (TIME.test(value)) {
    return 'time';
  }
  if (ADDRESS.test(value)) {
    return 'email';
  }
  return /^https?:/.test(value) ? 'url' : 'string';
}

/** A path or an address without the server, and without what only this run knows. */
export function normalize(address, server) {
  const url = new URL(address, server);
  const path = url.pathname
    .split('/')
    .map((part) => (NAME.test(part) && /\d|[A-Z]/.test(part) ? ':token' : part))
    .join('/');
  const query = [...url.searchParams].map(([name, value]) => `${name}=${parameter(name, value, server)}`).sort();
  const origin = url.origin === new URL(server).origin ? '' : url.origin;
  return origin + path + (query.length > 0 ? `?${query.join('&')}` : '');
}

function parameter(name, value, server) {
  if (name === 'token' || name === 'id' || /(Id|Slug)$/.test(name)) {
    return `:${name}`;
  }
  if (['state', 'nonce', 'code', 'code_challenge'].includes(name)) {
    return `:${name}`;
  }
  if (ADDRESS.test(value)) {
    return ':email';
  }
  return value.startsWith(server) ? value.slice(server.length) : value;
}

function byText(one, other) {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
