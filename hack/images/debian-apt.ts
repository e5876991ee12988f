import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '../../lib/core/object.ts';
import type { Architecture } from './architecture.ts';

/** DEBIAN is the release of the libraries in images. */
export const DEBIAN = { suite: 'bookworm', version: '12' } as const;

/** Debian's keys: preinstalled on Debian, and in the package debian-archive-keyring of Ubuntu. */
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The suites of a release, each with its own address. */
const SUITES: readonly string[] = [DEBIAN.suite, `${DEBIAN.suite}-security`];

/** Lists the sources of apt on this machine, even if apt has not fetched them yet. */
const TARGETS = ['indextargets', '--no-release-info', '--format', '$(REPO_URI) $(RELEASE)'];

/** Number of lines of apt's output in an error. */
const OUTPUT_LINES = 5;

/**
 * sourcesIn are the lines of a sources.list with the Debian sources of this machine's apt, for example a
 * mirror in its network. `targets` has an address and a suite per line. Fails without a Debian source.
 */
export function sourcesIn(targets: string): readonly string[] {
  const known = targets.split('\n').map((line) => line.trim().split(' '));
  return SUITES.map((suite) => {
    const address = known.find(([, release]) => release === suite)?.[0];
    if (address !== undefined) return `deb [signed-by=${KEYS}] ${address} ${suite} main`;
    throw new Error(`apt on this machine has no source for ${suite}: add a Debian source`);
  });
}

/**
 * Downloads packages such as `libc6` or `libc6=2.36-9` for any architecture, and returns their files. apt
 * works in a separate folder, changes nothing elsewhere, and verifies Debian's signature.
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
    // apt's sandbox user could not write into the folder.
    'APT::Sandbox::User=',
    // Otherwise a failed update is only a warning, and outdated packages are downloaded.
    'APT::Update::Error-Mode=any',
  ].flatMap((option) => ['-o', option]);
}

async function apt(args: readonly string[], folder: string): Promise<string> {
  try {
    return (await promisify(execFile)('apt-get', args, { cwd: folder })).stdout;
  } catch (error) {
    const stderr = isRecord(error) ? error['stderr'] : undefined;
    const said = typeof stderr === 'string' ? stderr.trim() : '';
    // The message of Node repeats the whole command line and the output.
    if (said === '') throw error;
    const tail = said.split('\n').slice(-OUTPUT_LINES).join('; ');
    // oxlint-disable-next-line preserve-caught-error -- as above
    throw new Error(`apt-get: ${tail}`);
  }
}
