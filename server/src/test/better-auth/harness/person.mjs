/** A person with a browser of their own: the unmodified client, a cookie jar, and a recorder of what goes over the wire. */
import { apiKeyClient } from '@better-auth/api-key/client';
import { passkeyClient } from '@better-auth/passkey/client';
import { createAuthClient } from 'better-auth/client';
import {
  adminClient,
  emailOTPClient,
  magicLinkClient,
  multiSessionClient,
  organizationClient,
  twoFactorClient,
} from 'better-auth/client/plugins';
import { Jar } from './jar.mjs';

const TIMEOUT_MILLIS = 10_000;

export function plugins() {
  return [
    organizationClient({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } }),
    apiKeyClient(),
    twoFactorClient(),
    magicLinkClient(),
    emailOTPClient(),
    passkeyClient(),
    adminClient(),
    multiSessionClient(),
  ];
}

export class Person {
  /** @param record is given each call: method, path, response, parsed body, cookies that were set */
  constructor(name, email, server, record) {
    this.name = name;
    this.email = email;
    this.password = `${name}'s password`;
    this.server = server;
    this.record = record;
    this.jar = new Jar();
    this.options = {
      baseURL: server,
      fetchOptions: { customFetchImpl: (input, init) => this.#fetch(input, init), retry: 0 },
    };
    this.client = createAuthClient({ ...this.options, plugins: plugins() });
  }

  /** Follows a link of a mail, as a browser does: no script, no redirect. */
  open(url) {
    return this.#fetch(url, { headers: { accept: 'text/html' } }, 'navigate');
  }

  /** What no client would send. */
  send(method, path, body, headers = {}) {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.#fetch(`${this.server}${path}`, { method, body, headers: { ...content, ...headers } });
  }

  /** The same person at another device, where nobody is signed in yet. */
  elsewhere() {
    return new Person(this.name, this.email, this.server, this.record);
  }

  async #fetch(input, init = {}, mode = 'cors') {
    const request = new Request(input, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    const cookies = this.jar.header();
    if (cookies && !request.headers.has('cookie')) {
      request.headers.set('cookie', cookies);
    }
    // As a page of the same origin does; following a link sends none.
    if (mode === 'cors' && !request.headers.has('origin')) {
      request.headers.set('origin', this.server);
    }
    const response = await fetch(request);
    const text = await response.clone().text();
    this.record({
      method: request.method,
      url: request.url,
      response,
      body: parse(text),
      cookies: this.jar.take(response),
    });
    return response;
  }
}

function parse(text) {
  if (text === '') {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return 'no JSON';
  }
}
