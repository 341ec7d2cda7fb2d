/**
 * What Maven runs before the tests, with the names of folders beside this one: installs exactly what their package-lock.json
 * names, unless that has been done. A stamp in target/ holds the hash of what was installed. Quiet when all is well; a failure
 * shows npm's whole output.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the server's documents name, by folder, which has the package's name; another version may speak differently. */
const VERSIONS = { 'better-auth': '1.7.25', 'oidc-provider': '9.13.3' };
const INPUTS = ['package.json', 'package-lock.json', '.npmrc'];

const tests = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(tests, '..', '..', 'target');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`The server's tests need Node 20 or newer; this is ${process.version}.\n`);
}
for (const name of process.argv.slice(2)) {
  install(name);
}

function install(name) {
  const root = join(tests, name);
  const stamp = join(target, `${name}.stamp`);
  const installed = join(root, 'node_modules', name, 'package.json');
  const now = hash(root);
  if (!existsSync(installed) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== now) {
    mkdirSync(target, { recursive: true });
    rmSync(stamp, { force: true });
    npm(root, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
    writeFileSync(stamp, now);
  }
  const { version } = JSON.parse(readFileSync(installed, 'utf8'));
  if (version !== VERSIONS[name]) {
    fail(`The tests need ${name} ${VERSIONS[name]}, but ${version} is installed.\n`);
  }
}

function hash(root) {
  const sum = createHash('sha256').update(process.version);
  for (const file of INPUTS.filter((input) => existsSync(join(root, input)))) {
    sum
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return sum.digest('hex');
}

function npm(root, ...arguments_) {
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
