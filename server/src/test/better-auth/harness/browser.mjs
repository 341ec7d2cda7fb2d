/** The unmodified client in a real browser, with a device that keeps passkeys (Chromium's virtual authenticator). */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { rolldown } from 'rolldown';

const TIMEOUT_MILLIS = 30_000;
const PAGE = '<!doctype html><title>Client</title><form><input autocomplete="username webauthn"></form>';

/** The machine's own Chromium, as the studio's tests find it. */
function executable() {
  for (const name of [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', name ?? ''], { encoding: 'utf8' }).trim();
    } catch {
      // Not this one.
    }
  }
  throw new Error('No chromium or google-chrome on the PATH; CHROMIUM names one elsewhere');
}

async function bundled() {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('client.mjs', import.meta.url)),
    platform: 'browser',
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  return output[0].code;
}

export class Browser {
  #person;
  #browser;
  #page;
  #device;
  #answers = [];

  /** A browser of a person's, on a page of the server, whose calls are recorded as the person's are. */
  static async of(person) {
    const code = await bundled();
    const self = new Browser();
    self.#person = person;
    self.#browser = await chromium.launch({
      executablePath: executable(),
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-background-networking'],
    });
    const page = await self.#browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MILLIS);
    await page.route('**/client-page', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
    page.on('response', (response) => {
      if (new URL(response.url()).pathname.startsWith('/api/auth/')) {
        self.#answers.push(response);
      }
    });
    await page.goto(`${person.server}/client-page`);
    await page.addScriptTag({ content: code });
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    self.#page = page;
    self.#device = { session, authenticatorId };
    return self;
  }

  /**
   * Calls the client: `call('signIn.email', {…})`, and gives what it gives. What went over the wire meanwhile is recorded,
   * in the order in which it did.
   */
  async call(path, argument) {
    const result = await this.#page.evaluate(
      async ([names, given]) => {
        const method = names.split('.').reduce((part, name) => part[name], globalThis.auth);
        const { data, error } = await method(given);
        return { data: data ?? null, error: error ?? null };
      },
      [path, argument],
    );
    for (const response of this.#answers.splice(0)) {
      await this.#record(response);
    }
    return result;
  }

  async #record(response) {
    const headers = new Headers();
    for (const { name, value } of await response.headersArray()) {
      for (const line of value.split('\n')) {
        headers.append(name, line);
      }
    }
    const text = await response.text();
    const answer = { status: response.status(), headers };
    this.#person.record({
      method: response.request().method(),
      url: response.url(),
      response: answer,
      body: text === '' ? undefined : JSON.parse(text),
      cookies: this.#person.jar.take(answer),
    });
  }

  /** How many passkeys the device has. */
  async passkeys() {
    const { session, authenticatorId } = this.#device;
    return (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length;
  }

  close() {
    return this.#browser.close();
  }
}
