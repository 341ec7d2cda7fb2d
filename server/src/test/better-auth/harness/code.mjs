/** The code of an authenticator app (RFC 6238). */
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param uri as an app reads it from the QR code */
export function codeOf(uri, now = Date.now()) {
  const parameters = new URL(uri).searchParams;
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / Number(parameters.get('period') ?? 30))));
  const mac = createHmac('sha1', base32(parameters.get('secret'))).update(counter).digest();
  const digits = Number(parameters.get('digits') ?? 6);
  const number = mac.readUInt32BE(mac[mac.length - 1] & 15) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

function base32(text) {
  const bits = [...text.replace(/=+$/, '')].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
