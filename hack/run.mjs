/**
 * The entry point of `npm test`, `npm run demo`, `npm run e2e` …: it installs missing dependencies and
 * builds, then runs the command. It is plain JavaScript without dependencies, because on a fresh clone it
 * runs before anything is installed, with any Node ≥ 20. Everything else runs with the Node that
 * package.json pins, so that tests, worlds and images use the same version on every machine.
 *
 * Usage: node hack/run.mjs <command> [arguments]; without a command it lists them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.installed-from');
/** The supported major version of Node. */
const NODE_MAJOR = 24;
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** Exits with the exit code of the command, unless it is zero. */
function run(command, args, quiet = false) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
  });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Runs `npm ci` when node_modules is missing or was installed from a different lock file. */
function install() {
  const want = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === want) return;
  console.log('installing the packages of package-lock.json (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], true);
  writeFileSync(STAMP, want);
}

/**
 * The Node that package.json pins, if its package runs on this machine (Linux with glibc on amd64 or
 * arm64); otherwise the current Node, if it is new enough.
 */
function pinnedNode() {
  const path = join(MODULES, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (spawnSync(path, ['--version']).status === 0) return path;
  // npm puts this folder first on the PATH of its scripts, so a Node there that does not run must be removed.
  if (existsSync(path)) rmSync(join(MODULES, '.bin', 'node'), { force: true });
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  console.error(
    `Node ${NODE_MAJOR} or newer is required: the one in node_modules does not run on this machine (${process.platform} ${process.arch}), and ` +
      `the current Node is ${process.version}. Install Node ${NODE_MAJOR} or newer from https://nodejs.org and run this command again.`,
  );
  return process.exit(1);
}

function inNode(...args) {
  run(node, args);
}

/** Runs a program from the `bin` of a package. */
function tool(name, ...args) {
  const { bin } = JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8'));
  const entry = typeof bin === 'string' ? bin : (bin[name] ?? Object.values(bin)[0]);
  inNode(join('node_modules', name, entry), ...args);
}

function tsc(...args) {
  inNode(join('node_modules', 'typescript', 'bin', 'tsc'), ...args);
}

function build(...flags) {
  tsc('-p', 'tsconfig.build.json', ...flags);
}

/** Cache of prettier: a checked file is read again only when the file, prettier or its options change. */
const FILES = ['--cache', '--cache-strategy=content', '.'];

/** Commands that need no build. */
const PLAIN = {
  build,
  typecheck: tsc,
  lint: (...args) => tool('oxlint', ...args),
  format: (...args) => tool('prettier', '--check', ...FILES, ...args),
  'format:write': (...args) => tool('prettier', '--write', ...FILES, ...args),
  unit: (...args) => inNode(...JEST, ...args),
  test(...args) {
    tsc();
    tool('oxlint');
    tool('prettier', '--check', '--log-level=warn', ...FILES);
    inNode(...JEST, ...args);
  },
};

/**
 * Commands that run one of our programs from source: the program and its first arguments. Only the product,
 * and programs that a world starts as separate processes, are built.
 */
const PROGRAMS = {
  demo: ['test/commands/main.ts', 'demo'],
  e2e: ['test/commands/main.ts', 'e2e'],
  'e2e:real': ['test/commands/main.ts', 'e2e', '--real'],
  'e2e:kill': ['test/commands/main.ts', 'kill'],
  'e2e:render': ['test/e2e/render/main.ts'],
  bench: ['test/bench/main.ts'],
  numbers: ['test/commands/main.ts', 'numbers'],
  world: ['test/commands/main.ts'],
  images: ['hack/images/main.ts'],
  generate: ['hack/generate.ts'],
  packages: ['hack/packages/main.ts'],
};

/** Commands without a build: generation must work while the generated types are outdated. */
const UNBUILT = ['generate'];

// The world shuts down on Ctrl-C; wait for it, so that the prompt does not return before.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const [name = '', ...args] = process.argv.slice(2);
const plain = PLAIN[name];
const program = PROGRAMS[name];
if (!plain && !program) {
  const names = [...Object.keys(PLAIN), ...Object.keys(PROGRAMS)];
  console.error(`usage: node hack/run.mjs <${names.join('|')}> [arguments]`);
  process.exit(2);
}
install();
const node = pinnedNode();
if (plain) plain(...args);
else {
  if (!UNBUILT.includes(name)) build();
  inNode(...program, ...args);
}
