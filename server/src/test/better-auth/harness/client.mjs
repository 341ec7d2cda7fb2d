/** The unmodified client as a page has it: bundled for the browser by harness/browser.mjs. */
import { passkeyClient } from '@better-auth/passkey/client';
import { createAuthClient } from 'better-auth/client';

globalThis.auth = createAuthClient({ plugins: [passkeyClient()] });
