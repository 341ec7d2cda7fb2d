/**
 * What Maven runs before the tests: installs exactly what package-lock.json names, unless that has been done. A stamp in
 * target/ holds the hash of what was installed. Quiet when all is well; a failure shows npm's whole output.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the server's documents name; another version may speak differently. */
const VERSION = '1.7.25';
const INPUTS = ['package.json', 'package-lock.json', '.npmrc'];

const root = dirname(fileURLToPath(import.meta.url));
const target = join(root, '..', '..', '..', 'target');
const stamp = join(target, 'better-auth.stamp');
const installed = join(root, 'node_modules', 'better-auth', 'package.json');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`The server's tests need Node 20 or newer; this is ${process.version}.\n`);
}
const now = hash();
if (!existsSync(installed) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== now) {
  mkdirSync(target, { recursive: true });
  rmSync(stamp, { force: true });
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
  writeFileSync(stamp, now);
}
const { version } = JSON.parse(readFileSync(installed, 'utf8'));
if (version !== VERSION) {
  fail(`The server is compared with better-auth ${VERSION}, but ${version} is installed.\n`);
}

function hash() {
  const sum = createHash('sha256').update(process.version);
  for (const file of INPUTS) {
    sum
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return sum.digest('hex');
}

function npm(...arguments_) {
  const run = spawnSync('npm', arguments_, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, CI: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.error) {
    fail(`npm could not be started: ${run.error.message}\n`);
  }
  if (run.status !== 0) {
    fail(`npm ${arguments_.join(' ')} failed:\n${run.stdout}${run.stderr}`);
  }
}

function fail(text) {
  process.stderr.write(text);
  process.exit(1);
}
