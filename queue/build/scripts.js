/**
 * What Maven runs: installs what package-lock.json names, and puts BullMQ's Lua scripts with their includes resolved, and
 * their licence, into target/bullmq. Both are left out when nothing that they read has changed since they last succeeded:
 * a stamp in target/ holds the hash of it. Quiet when all is well; a step that fails shows its whole output.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Keys, arguments and scripts change within a major version: RedisStore speaks exactly this one. */
const VERSION = '6.7.0';
const SCRIPTS = 64;
/** Parts that our own scripts use. */
const PARTS = ['isJobSchedulerJob', 'isLocked', 'removeJob'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'target');
const packageFolder = join(root, 'node_modules', 'bullmq');
const commands = join(packageFolder, 'dist', 'cjs', 'commands');
const INCLUDE = /^---? @include "(?<path>[^"]+)"$/;

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  fail(`The queue is built with Node 20 or newer; this is ${process.version}.\n`);
}
mkdirSync(target, { recursive: true });
once('install', ['package.json', 'package-lock.json'], ['node_modules'], () =>
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'),
);
checkVersion();
once('scripts', ['package-lock.json', join('build', 'scripts.js')], [join('target', 'bullmq', 'LICENSE')], writeScripts);

function checkVersion() {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  if (version !== VERSION) {
    fail(`The Redis engine speaks the protocol of bullmq ${VERSION}, but ${version} is installed.\n`);
  }
}

function writeScripts() {
  const folder = join(target, 'bullmq');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(commands).filter((name) => name.endsWith('.lua'));
  if (files.length !== SCRIPTS) {
    fail(`bullmq ${VERSION} has ${SCRIPTS} scripts, but there are ${files.length} in ${commands}.\n`);
  }
  for (const file of files) {
    writeFileSync(join(folder, file), resolve(join(commands, file), new Set()));
  }
  for (const part of PARTS) {
    writeFileSync(join(folder, `${part}.lua`), resolve(join(commands, 'includes', `${part}.lua`), new Set()));
  }
  writeFileSync(join(folder, 'LICENSE'), readFileSync(join(packageFolder, 'LICENSE')));
}

/** The text of a script in which each include stands once, where it is named first. */
function resolve(path, included) {
  const lines = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const include = INCLUDE.exec(line.trim());
    if (include === null) {
      lines.push(line);
      continue;
    }
    const file = join(dirname(path), `${include.groups.path}.lua`);
    if (!included.has(basename(file))) {
      included.add(basename(file));
      lines.push(resolve(file, included));
    }
  }
  return lines.join('\n');
}

/** Runs a step, unless its inputs are those of its last success and what it makes is there. */
function once(step, inputs, outputs, run) {
  const stamp = join(target, `${step}.stamp`);
  const now = hash(inputs);
  const made = outputs.every((output) => existsSync(join(root, output)));
  if (made && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    return;
  }
  rmSync(stamp, { force: true });
  run();
  writeFileSync(stamp, now);
}

function hash(files) {
  const sum = createHash('sha256').update(process.version);
  for (const file of files) {
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
