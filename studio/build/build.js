/**
 * What Maven runs: `build` installs what package-lock.json names, checks, and builds into target/dist; `test` runs the
 * unit tests. A step is left out when nothing that it reads has changed since it last succeeded: a stamp in target/
 * holds the hash of all of it. Quiet when all is well; a step that fails shows its whole output.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'target');
const OPENAPI = '../server/src/main/resources/openapi.json';
const PACKAGES = ['package.json', 'package-lock.json'];
const SOURCES = [
  ...PACKAGES,
  OPENAPI,
  'index.html',
  'vite.config.ts',
  'playwright.config.ts',
  'tsconfig.json',
  'eslint.config.js',
  '.prettierrc.json',
  '.prettierignore',
  'build',
  'public',
  'src',
  'e2e',
];
/** Made from the sources. */
const GENERATED = join('src', 'api', 'schema.d.ts');

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  fail(`The studio is built with Node 20 or newer; this is ${process.version}.\n`);
}
mkdirSync(target, { recursive: true });

switch (process.argv[2]) {
  case 'build':
    install();
    once('build', SOURCES, [join('target', 'dist', 'index.html'), GENERATED], () => {
      npm('run', '--silent', 'schema');
      npm('run', '--silent', 'check');
      npm('run', '--silent', 'build');
      // Maven only adds: files of an earlier build, whose names hold another hash, would be packed along.
      rmSync(join(target, 'classes', 'studio'), { recursive: true, force: true });
    });
    break;
  case 'test':
    once('test', SOURCES, [], () => npm('run', '--silent', 'test'));
    break;
  default:
    fail('usage: node build/build.js build|test\n');
}

function install() {
  once('install', PACKAGES, ['node_modules'], () => npm('ci', '--no-audit', '--no-fund', '--loglevel=error'));
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

function hash(inputs) {
  const sum = createHash('sha256').update(process.version);
  for (const file of inputs.flatMap((input) => files(input)).sort()) {
    if (file !== GENERATED) {
      sum
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)))
        .update('\0');
    }
  }
  return sum.digest('hex');
}

/** Every file below a path; none if there is nothing. */
function files(path) {
  const full = join(root, path);
  if (!existsSync(full)) {
    return [];
  }
  try {
    return readdirSync(full).flatMap((name) => files(join(path, name)));
  } catch (error) {
    if (error.code === 'ENOTDIR') {
      return [path];
    }
    throw error;
  }
}

function npm(...arguments_) {
  const run = spawnSync('npm', arguments_, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, STUDIO_QUIET: '1', CI: '1' },
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
