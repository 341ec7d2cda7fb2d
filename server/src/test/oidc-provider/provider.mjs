/**
 * A certified OpenID provider on a free port; prints its issuer as one line. Whoever gives a name on its page is that
 * person, with the address <name>@example.com, or the name if it is an address. Who is called unverified… has not proved
 * theirs. PKCE is required, and a refresh token is used once: a second use ends all that came of it.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const CALLBACK = /^http:\/\/localhost:\d+\/api\/auth\/callback\/[a-z0-9-]+$/;

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://localhost:${server.address().port}`;

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'client',
      client_secret: process.env.CLIENT_SECRET,
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['http://localhost/api/auth/callback/oidc'],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['of a provider that lives for one test only'] },
  findAccount: (context, id) => ({ accountId: id, claims: () => claims(id) }),
  issueRefreshToken: () => true,
  jwks: { keys: [{ ...key, kid: 'first', use: 'sig', alg: 'RS256' }] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: Number(process.env.ACCESS_SECONDS ?? 3600),
    Grant: 3600,
    IdToken: 3600,
    Interaction: 3600,
    RefreshToken: 3600,
    Session: 3600,
  },
});
// The servers that are tested are on ports that nobody knows before.
provider.Client.prototype.redirectUriAllowed = (uri) => CALLBACK.test(uri);
const handle = provider.callback();
server.on('request', handle);
process.stdout.write(`${issuer}\n`);

function claims(id) {
  return {
    sub: id,
    name: `Person ${id}`,
    email: id.includes('@') ? id : `${id}@example.com`,
    email_verified: !id.startsWith('unverified'),
  };
}
