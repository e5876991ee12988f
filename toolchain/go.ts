import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { goVersionOf, isAtLeast } from './go-mod.ts';

/** GoTarget is the input of a build besides sources and flags. */
export interface GoTarget {
  readonly GOVERSION: string;
  readonly GOOS: string;
  readonly GOARCH: string;
  /** Without cgo the binary runs in an otherwise empty image. Absent: the default of Go. */
  readonly CGO_ENABLED?: '0';
}

/** Number of lines of a failed build's output in the error. */
const OUTPUT_LINES = 30;

/** Runs `go` in a folder and returns its output; the environment, such as GOFLAGS, applies. */
export async function go(args: readonly string[], folder: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('go', args, {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    throw isMissing(error) ? missingGo(error) : failure(args, folder, outputOf(error));
  }
}

/** The build target of Go. Fails when Go is older than the go.mod of the folder requires. */
export async function goTarget(folder: string, goMod: string): Promise<GoTarget> {
  const answer: unknown = JSON.parse(
    await go(['env', '-json', 'GOVERSION', 'GOOS', 'GOARCH'], folder),
  );
  const { GOVERSION, GOOS, GOARCH } = answer as GoTarget;
  const wanted = goVersionOf(goMod);
  if (!isAtLeast(GOVERSION, wanted)) {
    throw new Error(
      `Go ${wanted} or newer is required, but ${GOVERSION} is installed: install it from https://go.dev/dl, ` +
        'or set GOTOOLCHAIN=auto to let Go download it',
    );
  }
  return { GOVERSION, GOOS, GOARCH };
}

/** Runs a build with additional environment variables. An error has the end of the output and the command to repeat the build. */
export async function goBuild(
  args: readonly string[],
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const command = ['build', ...args];
  const child = spawn('go', command, {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => (output = (output + text).slice(-100_000)));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(isMissing(error) ? missingGo(error) : error));
    child.once('close', resolve);
  });
  if (code !== 0) throw failure(command, folder, output);
}

function failure(args: readonly string[], folder: string, output: string): Error {
  const tail = output.trimEnd().split('\n').slice(-OUTPUT_LINES).join('\n');
  const words = ['go', ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`));
  return new Error(
    `go ${args[0]} failed:\n${tail}\nTo repeat it by hand: cd ${folder} && ${words.join(' ')}`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function missingGo(cause: unknown): Error {
  return new Error('cannot run go: install it from https://go.dev/dl and put it on the PATH', {
    cause,
  });
}

/** The output of a failed command; Go writes some errors to standard output. */
function outputOf(error: unknown): string {
  const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
  const text = [stdout, stderr].filter((part) => part !== undefined && part !== '').join('\n');
  return text === '' ? String(error) : text;
}
