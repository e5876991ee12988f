import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '../../lib/core/object.ts';
import type { Architecture } from './architecture.ts';

/** DEBIAN is the release that images take their libraries from. */
export const DEBIAN = { suite: 'bookworm', version: '12' } as const;

/** Debian's own keys: they are on Debian, and in the package debian-archive-keyring of Ubuntu. */
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Those that a release gets packages from, each under an address of its own. */
const SUITES: readonly string[] = [DEBIAN.suite, `${DEBIAN.suite}-security`];

/** What apt of this machine would look at, whether or not it has done so yet. */
const TARGETS = ['indextargets', '--no-release-info', '--format', '$(REPO_URI) $(RELEASE)'];

/** Lines of apt's complaint that go into an error. */
const OUTPUT_LINES = 5;

/**
 * sourcesIn are the lines of a sources.list for where this machine's own apt gets Debian from: a mirror
 * of its network, say. `targets` has an address and a suite a line. Fails when it gets Debian from nowhere.
 */
export function sourcesIn(targets: string): readonly string[] {
  const known = targets.split('\n').map((line) => line.trim().split(' '));
  return SUITES.map((suite) => {
    const address = known.find(([, release]) => release === suite)?.[0];
    if (address !== undefined) return `deb [signed-by=${KEYS}] ${address} ${suite} main`;
    throw new Error(`apt of this machine has no source of ${suite}: add one of Debian's`);
  });
}

/**
 * Downloads packages such as `libc6` or `libc6=2.36-9` for an architecture, which need not be this
 * machine's, and returns their files. apt works in a folder of its own and changes nothing elsewhere;
 * it checks Debian's signature.
 */
export async function downloadPackages(
  architecture: Architecture,
  packages: readonly string[],
): Promise<readonly Uint8Array[]> {
  const root = mkdtempSync(join(tmpdir(), 'debian-'));
  try {
    const files = join(root, 'files');
    for (const folder of ['state/lists/partial', 'cache/archives/partial', 'none', 'files']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, 'status'), '');
    const options = aptOptions(root, architecture);
    const sources = sourcesIn(await apt(TARGETS, files));
    writeFileSync(join(root, 'sources.list'), `${sources.join('\n')}\n`);
    await apt([...options, '-qq', 'update'], files);
    await apt([...options, '-qq', 'download', ...packages], files);
    return readdirSync(files).map((name) => readFileSync(join(files, name)));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function aptOptions(root: string, architecture: Architecture): readonly string[] {
  return [
    `Dir::State=${join(root, 'state')}`,
    `Dir::State::status=${join(root, 'status')}`,
    `Dir::Cache=${join(root, 'cache')}`,
    `Dir::Etc::SourceList=${join(root, 'sources.list')}`,
    `Dir::Etc::SourceParts=${join(root, 'none')}`,
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    // Another user could not write into the folder.
    'APT::Sandbox::User=',
    // Without it a list that cannot be had is a warning, and old packages are downloaded.
    'APT::Update::Error-Mode=any',
  ].flatMap((option) => ['-o', option]);
}

async function apt(args: readonly string[], folder: string): Promise<string> {
  try {
    return (await promisify(execFile)('apt-get', args, { cwd: folder })).stdout;
  } catch (error) {
    const stderr = isRecord(error) ? error['stderr'] : undefined;
    const said = typeof stderr === 'string' ? stderr.trim() : '';
    // What Node says itself is the whole command line, and after it the same again.
    if (said === '') throw error;
    const tail = said.split('\n').slice(-OUTPUT_LINES).join('; ');
    // oxlint-disable-next-line preserve-caught-error -- as above
    throw new Error(`apt-get: ${tail}`);
  }
}
