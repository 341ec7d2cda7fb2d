/** Somebody on the pages of the OpenID provider of `../oidc-provider`: none of what they do there is recorded. */
import { Jar } from './jar.mjs';

const MAX_STEPS = 20;

/**
 * Signs in, agrees, and is sent back.
 *
 * @param url where the server has sent them
 * @param name with which they sign in
 * @returns where the provider sends them
 */
export async function visit(url, name) {
  const jar = new Jar();
  let at = url;
  let form;
  for (let i = 0; i < MAX_STEPS; i++) {
    const response = await fetch(at, {
      method: form ? 'POST' : 'GET',
      body: form,
      redirect: 'manual',
      headers: { cookie: jar.header() },
    });
    jar.take(response);
    form = undefined;
    if (response.status === 200) {
      const page = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)[1];
      form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login: name, password: 'x' } : {}) });
      at = new URL(/action="([^"]+)"/.exec(page)[1], at).href;
      continue;
    }
    at = new URL(response.headers.get('location'), at).href;
    if (new URL(at).pathname.startsWith('/api/auth/callback/')) {
      return at;
    }
  }
  throw new Error("the provider's pages lead nowhere");
}
