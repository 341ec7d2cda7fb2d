import type { KeyTerms } from '../../api/keys';
import type { KeyDetails } from '../../api/types';
import { count } from '../../format/format';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MOST = 1_000_000_000;

export interface Span {
  label: string;
  millis: number;
}

/** For how long rates are counted: an hour at most. */
export const WINDOWS: readonly Span[] = [
  { label: 'second', millis: SECOND },
  { label: 'minute', millis: MINUTE },
  { label: 'hour', millis: HOUR },
];

export const REFILLS: readonly Span[] = [
  { label: 'hour', millis: HOUR },
  { label: 'day', millis: DAY },
  { label: 'week', millis: 7 * DAY },
  { label: '30 days', millis: 30 * DAY },
];

/** Days; 0 for no end. */
export const LIVES: readonly { label: string; days: number }[] = [
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
  { label: '90 days', days: 90 },
  { label: 'A year', days: 365 },
  { label: 'No end', days: 0 },
];

export interface Draft {
  name: string;
  days: number;
  scopes: readonly string[];
  max: string;
  window: number;
  remaining: string;
  refill: string;
  interval: number;
}

/** What is wrong at which field, by the names that the API gives them. */
export function faultsOf({
  name,
  scopes,
  max,
  remaining,
  refill,
}: Draft): Record<string, string | undefined> {
  return {
    name: name.trim() === '' ? 'Say what it is for' : undefined,
    permissions: scopes.length === 0 ? 'Choose a scope' : undefined,
    rateLimitMax: numberFault(max),
    remaining: numberFault(remaining),
    refillAmount: numberFault(refill),
    expiresIn: undefined,
  };
}

function numberFault(text: string): string | undefined {
  return text === '' || (/^\d{1,10}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST)
    ? undefined
    : 'A whole number from 1 to a billion, or nothing';
}

export function termsOf({ name, days, scopes, max, window, remaining, refill, interval }: Draft): KeyTerms {
  return {
    name: name.trim(),
    permissions: permissionsOf(scopes),
    ...(days > 0 && { expiresIn: days * 86_400 }),
    ...(max !== '' && { rateLimitMax: Number(max), rateLimitTimeWindow: window }),
    ...(remaining !== '' && { remaining: Number(remaining) }),
    ...(refill !== '' && { refillAmount: Number(refill), refillInterval: interval }),
  };
}

/** `tasks:read` is the action `read` on the resource `tasks`. */
function permissionsOf(scopes: readonly string[]): Record<string, string[]> {
  const permissions: Record<string, string[]> = {};
  for (const scope of scopes) {
    const [resource = '', action = ''] = scope.split(':');
    (permissions[resource] ??= []).push(action);
  }
  return permissions;
}

export function scopesOf({ permissions }: KeyDetails): string[] {
  return Object.entries(permissions).flatMap(([resource, actions]) =>
    actions.map((action) => `${resource}:${action}`),
  );
}

/** The limits of a key, as one says them. */
export function limitsOf(key: KeyDetails): string[] {
  const limits = [];
  if (key.rateLimitEnabled && key.rateLimitMax && key.rateLimitTimeWindow) {
    limits.push(`${count(key.rateLimitMax)} requests per ${span(key.rateLimitTimeWindow)}`);
  }
  if (typeof key.remaining === 'number') {
    const refill =
      key.refillAmount && key.refillInterval
        ? `, ${count(key.refillAmount)} again every ${span(key.refillInterval)}`
        : '';
    limits.push(`${count(key.remaining)} requests left${refill}`);
  }
  return limits;
}

function span(millis: number): string {
  const named = [...WINDOWS, ...REFILLS].find((one) => one.millis === millis);
  return named ? named.label : `${count(Math.round(millis / SECOND))} seconds`;
}
