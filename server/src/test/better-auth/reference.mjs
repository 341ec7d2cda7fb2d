/**
 * A real Better Auth server on a free port, with every plugin that the walks use. It prints its address as one line. All
 * that it keeps is in memory. OIDC_ISSUER and OIDC_SECRET name the provider at which its people may sign in. What it would send by mail is read at GET /__mails; POST /__admin makes a
 * person an admin, and GET /__endpoints lists what there is.
 */
import { createServer } from 'node:http';
import { apiKey } from '@better-auth/api-key';
import { passkey } from '@better-auth/passkey';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { admin, emailOTP, genericOAuth, magicLink, multiSession, organization, twoFactor } from 'better-auth/plugins';
import { createAccessControl } from 'better-auth/plugins/access';
import { defaultRoles, defaultStatements } from 'better-auth/plugins/organization/access';
import { memoryDialect } from './database.mjs';

const mails = [];
const mail = (kind) => async (message) => {
  const { email, user, url, token, otp, code } = message;
  const to = kind === 'change-email' ? message.newEmail : (email ?? user.email);
  mails.push({ to, kind: message.type ?? kind, url, token, otp: otp ?? code });
};

const server = createServer((request, response) => {
  const path = request.url.split('?')[0];
  if (path === '/__mails') {
    answer(response, 200, mails);
  } else if (path === '/__endpoints') {
    answer(response, 200, endpoints());
  } else if (path === '/__admin') {
    makeAdmin(request).then(
      () => answer(response, 200, {}),
      (error) => answer(response, 500, { message: String(error) }),
    );
  } else if (path.startsWith('/api/auth/')) {
    handler(request, response);
  } else {
    answer(response, 404, {});
  }
});
// A walk that starts a browser is busy for a while: its connections are not to be closed behind its back.
server.keepAliveTimeout = 120_000;
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://localhost:${server.address().port}`;

const auth = betterAuth({
  appName: 'Reference',
  baseURL: url,
  secret: 'a secret of a server that lives for one test only',
  database: { dialect: await memoryDialect(), type: 'sqlite' },
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  logger: { level: 'error' },
  emailAndPassword: {
    enabled: true,
    requireEmailVerification: true,
    minPasswordLength: 8,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: mail('reset-password'),
    // Not what is compared, and the default takes a tenth of a second each time.
    password: { hash: async (password) => `plain:${password}`, verify: async ({ hash, password }) => hash === `plain:${password}` },
  },
  emailVerification: { sendVerificationEmail: mail('verify-email') },
  user: {
    changeEmail: { enabled: true, sendChangeEmailConfirmation: mail('confirm-new-email') },
    deleteUser: { enabled: true },
  },
  plugins: [
    organization({
      ac: createAccessControl(defaultStatements),
      roles: defaultRoles,
      teams: { enabled: true },
      dynamicAccessControl: { enabled: true },
      sendInvitationEmail: async ({ email, id }) => {
        mails.push({ to: email, kind: 'invitation', url: `${url}/accept-invitation/${id}` });
      },
    }),
    apiKey({ rateLimit: { enabled: false }, enableMetadata: true }),
    twoFactor({ otpOptions: { sendOTP: mail('two-factor') } }),
    magicLink({ sendMagicLink: mail('magic-link') }),
    emailOTP({ sendVerificationOTP: mail('email-otp'), changeEmail: { enabled: true } }),
    passkey(),
    admin(),
    multiSession(),
    genericOAuth({
      config: [
        {
          providerId: 'oidc',
          discoveryUrl: `${process.env.OIDC_ISSUER}/.well-known/openid-configuration`,
          clientId: 'client',
          clientSecret: process.env.OIDC_SECRET,
          scopes: ['openid', 'email', 'profile'],
        },
      ],
    }),
  ],
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const handler = toNodeHandler(auth);
process.stdout.write(`${url}\n`);

/** Every endpoint there is over HTTP, as 'GET /path'. */
function endpoints() {
  return Object.values(auth.api)
    .filter(({ path, options }) => path && !options?.metadata?.SERVER_ONLY)
    .flatMap(({ path, options }) => [options.method].flat().map((method) => `${method} ${path}`));
}

async function makeAdmin(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const { email } = JSON.parse(Buffer.concat(chunks).toString());
  const { internalAdapter } = await auth.$context;
  await internalAdapter.updateUserByEmail(email, { role: 'admin' });
}

function answer(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
