/**
 * The one entry behind `npm test`, `npm run demo`, `npm run e2e` …: it installs what is missing and
 * builds, then runs the command. Plain JavaScript without dependencies, because on a fresh clone it
 * runs before anything is installed.
 *
 * Usage: node hack/run.mjs <test|demo|e2e|e2e:real|e2e:kill|e2e:render|bench|numbers|world|generate|images|packages> [arguments]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = join(ROOT, 'package-lock.json');
const STAMP = join(ROOT, 'node_modules', '.installed-from');
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** Ends this process with the command's exit code, unless that is zero. */
function run(command, args, quiet = false) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
  });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function bin(name, ...args) {
  run(process.execPath, [join('node_modules', ...binPath(name)), ...args]);
}

function binPath(name) {
  const manifest = JSON.parse(
    readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
  );
  const entry = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin)[0];
  return [name, entry];
}

/** Runs `npm ci` when node_modules is missing or was installed from another lock file. */
function install() {
  const want = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === want) return;
  console.log('installing the packages of package-lock.json (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], true);
  writeFileSync(STAMP, want);
}

/** Generating must work while the types that it makes are still wrong: `--noCheck`. */
function build(flags) {
  run(process.execPath, [
    join('node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
    ...flags,
  ]);
}

const COMMANDS = {
  test(args) {
    run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc')]);
    bin('oxlint');
    bin('prettier', '--check', '--log-level=warn', '.');
    run(process.execPath, [...JEST, ...args]);
  },
  demo: (args) => run(process.execPath, ['dist/test/world/main.js', 'demo', ...args]),
  e2e: (args) => run(process.execPath, ['dist/test/world/main.js', 'e2e', ...args]),
  'e2e:real': (args) =>
    run(process.execPath, ['dist/test/world/main.js', 'e2e', '--real', ...args]),
  'e2e:kill': (args) => run(process.execPath, ['dist/test/world/main.js', 'kill', ...args]),
  bench: (args) => run(process.execPath, ['dist/test/bench/main.js', ...args]),
  numbers: (args) => run(process.execPath, ['dist/test/world/main.js', 'numbers', ...args]),
  'e2e:render': (args) => run(process.execPath, ['dist/test/e2e/render/main.js', ...args]),
  world: (args) => run(process.execPath, ['dist/test/world/main.js', ...args]),
  images: (args) => run(process.execPath, ['dist/hack/images/main.js', ...args]),
  generate: (args) => run(process.execPath, ['dist/hack/generate.js', ...args]),
  packages: (args) => run(process.execPath, ['dist/hack/packages/main.js', ...args]),
};

// The world ends itself on Ctrl-C; without this the prompt would come back before it has.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  console.error(`usage: node hack/run.mjs <${Object.keys(COMMANDS).join('|')}>`);
  process.exit(2);
}
install();
if (name !== 'test') build(name === 'generate' ? ['--noCheck'] : []);
command(args);
