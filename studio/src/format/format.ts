import type { Usage } from '../api/types';

const COUNT = new Intl.NumberFormat('en-US');

export function count(value: number): string {
  return COUNT.format(value);
}

/** 999, 1.2k, 34k, 5.6M. */
export function compact(value: number): string {
  if (value < 1000) return String(value);
  if (value < 999_500) return `${trim(value / 1000)}k`;
  return `${trim(value / 1_000_000)}M`;
}

function trim(value: number): string {
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
}

/** Small amounts keep the digits that tell them from nothing. */
export function money(usd: number | null | undefined): string {
  if (usd == null) return 'unknown';
  if (usd === 0) return '$0.00';
  if (usd < 0.0001) return '<$0.0001';
  return `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;
}

export function totalTokens(usage: Usage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

/** 412 ms, 3.2 s, 2 m 05 s, 1 h 04 m, 3 d 2 h. */
export function duration(millis: number): string {
  if (millis < 1000) return `${Math.max(0, Math.round(millis))} ms`;
  const seconds = millis / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** How long ago, or how long until. */
export function relative(at: string, now: number): string {
  const past = now - Date.parse(at);
  const distance = Math.abs(past);
  if (Number.isNaN(past)) return '';
  // The page's clock ticks once a second, and may differ a little from the server's.
  if (distance < 10_000) return past > -5000 ? 'just now' : 'in a moment';
  const words = coarse(distance);
  return past >= 0 ? `${words} ago` : `in ${words}`;
}

function coarse(millis: number): string {
  const minutes = Math.round(millis / 60_000);
  if (millis < 60_000) return `${Math.round(millis / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `${hours} h`;
  return `${Math.round(hours / 24)} d`;
}

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function fullTime(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : FULL.format(time);
}

export function clockTime(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? '' : CLOCK.format(time);
}

/** `https://github.com/acme/shop.git` is `acme/shop`. */
export function repositoryName(url: string): string {
  const path = url.replace(/^[a-z]+:\/\//, '').replace(/\/+$/, '');
  const parts = path.split('/').filter((part) => part !== '');
  const name = parts.slice(url.startsWith('http') ? 1 : 0).slice(-2);
  return (name.length > 0 ? name : parts).join('/').replace(/\.git$/, '');
}

export function firstLine(text: string): string {
  return (
    text
      .trim()
      .split('\n', 1)[0]
      ?.replace(/^#+\s*/, '') ?? ''
  );
}

export function shortCommit(id: string): string {
  return id.slice(0, 10);
}
