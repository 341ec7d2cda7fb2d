/** Better Auth on a SQLite file, as its documentation sets it up. Prints its URL. */
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { organization } from 'better-auth/plugins';
import Database from 'better-sqlite3';
import { createServer } from 'node:http';

let handler;
const server = createServer((request, response) => handler(request, response));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://localhost:${server.address().port}`;
const database = new Database(process.argv[2]);
database.pragma('journal_mode = WAL');
const auth = betterAuth({
  baseURL: url,
  secret: 'a secret of thirty-two characters',
  database,
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
  emailAndPassword: { enabled: true },
  plugins: [organization()],
});
await (await getMigrations(auth.options)).runMigrations();
handler = toNodeHandler(auth);
console.log(url);
