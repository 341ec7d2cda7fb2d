/** Both servers, in turn, in several rounds. Usage: node figures.mjs <java> <jar> [rounds] */
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [java, jar, rounds = '5'] = process.argv.slice(2);
const REQUESTS = 4_000;
const WARM_UP = 8_000;
const AT_ONCE = 8;
const SIGN_INS_AT_ONCE = 16;
const SIGN_IN_SECONDS = 10;
const ORDINARY_EACH_MILLIS = 20;
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const PERSON = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function send(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const text = body && JSON.stringify(body);
    const all = text ? { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : headers;
    const call = request(url, { method, headers: all, agent }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (answer += part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: answer }));
    });
    call.on('error', reject);
    call.end(text);
  });
}

async function ok(answer) {
  const { status, text } = await answer;
  if (status >= 400) {
    throw new Error(`${status} ${text}`);
  }
  return answer;
}

const cookieOf = ({ headers }) => headers['set-cookie'].map((set) => set.split(';')[0]).join('; ');

/** Processor time of a process so far, in microseconds. */
function processor(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const median = (values) => quantile([...values].sort((a, b) => a - b), 0.5);

async function many(count, atOnce, call) {
  let left = count;
  const times = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        const start = performance.now();
        await ok(call());
        times.push(performance.now() - start);
      }
    }),
  );
  return times.sort((a, b) => a - b);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startPeer() {
  const child = spawn('node', ['peer.mjs', join(mkdtempSync(join(tmpdir(), 'peer-')), 'auth.db')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(data.toString().trim())));
  const headers = { origin: url };
  await ok(send(`${url}/api/auth/sign-up/email`, { method: 'POST', headers, body: PERSON }));
  const signIn = () => send(`${url}/api/auth/sign-in/email`, { method: 'POST', headers, body: { email: PERSON.email, password: PERSON.password } });
  const cookie = cookieOf(await ok(signIn()));
  return {
    child,
    signIn,
    none: () => send(`${url}/api/auth/ok`),
    session: () => send(`${url}/api/auth/get-session`, { headers: { cookie } }),
  };
}

async function startMainstay() {
  const data = join(mkdtempSync(join(tmpdir(), 'mainstay-')), 'data');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const run = ['-XX:+UseSerialGC', '-jar', jar];
  const key = execFileSync(java, [...run, 'key', 'create', '--name', 'bench', '--scopes', 'instance:admin,tasks:read'], { env: { ...process.env, MAINSTAY_DATA: data } })
    .toString()
    .match(/ms_\S+/)[0];
  const env = { ...process.env, MAINSTAY_DATA: data, MAINSTAY_PORT: String(port), MAINSTAY_ROLES: 'web', MAINSTAY_SIGN_UP: 'open', MAINSTAY_RATE_LIMITS: 'off' };
  const child = spawn(java, [...run, 'serve'], { env, stdio: 'ignore' });
  for (;;) {
    try {
      await ok(send(`${url}/health/ready`));
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const bearer = { authorization: `Bearer ${key}` };
  await ok(send(`${url}/api/auth/sign-up/email`, { method: 'POST', body: PERSON }));
  const mails = JSON.parse((await ok(send(`${url}/api/admin/mails`, { headers: bearer }))).text).items;
  const { text } = JSON.parse((await ok(send(`${url}/api/admin/mails/${mails[0].id}`, { headers: bearer }))).text);
  await ok(send(/https?:\S+/.exec(text)[0]));
  const signIn = () => send(`${url}/api/auth/sign-in/email`, { method: 'POST', body: { email: PERSON.email, password: PERSON.password } });
  const cookie = cookieOf(await ok(signIn()));
  return {
    child,
    signIn,
    none: () => send(`${url}/health/live`),
    session: () => send(`${url}/api/auth/get-session`, { headers: { cookie } }),
    key: () => send(`${url}/api/me`, { headers: bearer }),
  };
}

/** Microseconds of the server's processors, and milliseconds of waiting, per request. */
async function cost(server, call) {
  const before = processor(server.child.pid);
  const times = await many(REQUESTS, AT_ONCE, call);
  return { cpu: (processor(server.child.pid) - before) / REQUESTS, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** Sign-ins per second, and how long ordinary requests take meanwhile. */
async function signIns(server) {
  const end = performance.now() + SIGN_IN_SECONDS * 1e3;
  let done = 0;
  const busy = Array.from({ length: SIGN_INS_AT_ONCE }, async () => {
    while (performance.now() < end) {
      const { status } = await server.signIn();
      if (status === 200) {
        done++;
      } else if (status !== 429) {
        throw new Error(`a sign-in was answered ${status}`);
      }
    }
  });
  const times = [];
  while (performance.now() < end) {
    const start = performance.now();
    await ok(server.session());
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, ORDINARY_EACH_MILLIS));
  }
  await Promise.all(busy);
  times.sort((a, b) => a - b);
  return { perSecond: done / SIGN_IN_SECONDS, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

const peer = await startPeer();
const ours = await startMainstay();
const rows = [
  ['no credential', ours.none, peer.none],
  ['session, `get-session`', ours.session, peer.session],
  ['API key, `/api/me`', ours.key, undefined],
];
const seen = new Map();
const note = (name, value) => seen.set(name, [...(seen.get(name) ?? []), value]);
try {
  for (const [, mine, theirs] of rows) {
    await many(WARM_UP, AT_ONCE, mine);
    await many(theirs ? WARM_UP / 4 : 0, AT_ONCE, theirs);
  }
  for (let round = 0; round < Number(rounds); round++) {
    for (const [name, mine, theirs] of rows) {
      note(`ours ${name}`, await cost(ours, mine));
      if (theirs) {
        note(`peer ${name}`, await cost(peer, theirs));
      }
    }
    note('ours sign-ins', await signIns(ours));
    note('peer sign-ins', await signIns(peer));
  }
} finally {
  ours.child.kill();
  peer.child.kill();
  agent.destroy();
}

const of = (name, what) => median(seen.get(name).map((one) => one[what]));
const fixed = (value, digits = 2) => value.toFixed(digits);
console.log('| Figure | Mainstay | Better Auth | Ratio |\n|---|---|---|---|');
for (const [name, , theirs] of rows) {
  const mine = of(`ours ${name}`, 'cpu');
  const other = theirs && of(`peer ${name}`, 'cpu');
  console.log(`| ${name}: processor per request | ${fixed(mine, 0)} µs | ${other ? `${fixed(other, 0)} µs` : ''} | ${other ? fixed(other / mine, 1) : ''} |`);
  console.log(
    `| ${name}: p50 / p99, ${AT_ONCE} at once | ${fixed(of(`ours ${name}`, 'p50'))} / ${fixed(of(`ours ${name}`, 'p99'))} ms | ${other ? `${fixed(of(`peer ${name}`, 'p50'))} / ${fixed(of(`peer ${name}`, 'p99'))} ms` : ''} | ${other ? fixed(of(`peer ${name}`, 'p50') / of(`ours ${name}`, 'p50'), 1) : ''} |`,
  );
}
console.log(`| sign-ins per second, ${SIGN_INS_AT_ONCE} at once | ${fixed(of('ours sign-ins', 'perSecond'), 1)} | ${fixed(of('peer sign-ins', 'perSecond'), 1)} | ${fixed(of('ours sign-ins', 'perSecond') / of('peer sign-ins', 'perSecond'), 1)} |`);
console.log(
  `| \`get-session\` meanwhile, p50 / p99 | ${fixed(of('ours sign-ins', 'p50'))} / ${fixed(of('ours sign-ins', 'p99'))} ms | ${fixed(of('peer sign-ins', 'p50'))} / ${fixed(of('peer sign-ins', 'p99'))} ms | ${fixed(of('peer sign-ins', 'p99') / of('ours sign-ins', 'p99'), 1)} |`,
);
