import type { APIRequestContext } from '@playwright/test';
import { createHmac } from 'node:crypto';
import { expect } from './fixtures';
import { PASSWORD } from './people';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MILLIS = 30_000;

function bytesOf(secret: string): Buffer {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/**
 * What an app shows (RFC 6238). The server takes no code twice, and none that is older than one that it took: a test
 * that needs three takes them from the steps -1, 0 and 1, in this order.
 */
export function appCode(secret: string, step: -1 | 0 | 1): string {
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / STEP_MILLIS) + step));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Turns an app on over HTTP, with a code of the step -1. */
export async function enableApp(request: APIRequestContext) {
  const answer = await request.post('/api/auth/two-factor/enable', { data: { password: PASSWORD } });
  expect(answer.status()).toBe(200);
  const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] };
  const secret = new URL(totpURI).searchParams.get('secret') ?? '';
  const confirmed = await request.post('/api/auth/two-factor/verify-totp', {
    data: { code: appCode(secret, -1) },
  });
  expect(confirmed.status()).toBe(200);
  return { secret, backupCodes };
}
