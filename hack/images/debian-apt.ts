import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '../../lib/core/conditions.ts';
import type { Architecture } from './architecture.ts';

/** DEBIAN is the release that images take their libraries from. */
export const DEBIAN = { suite: 'bookworm', version: '12' } as const;

/** Debian's own keys: they are on Debian, and in the package debian-archive-keyring of Ubuntu. */
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

const SOURCES = [
  `deb [signed-by=${KEYS}] http://deb.debian.org/debian ${DEBIAN.suite} main`,
  `deb [signed-by=${KEYS}] http://deb.debian.org/debian-security ${DEBIAN.suite}-security main`,
];

/** Lines of apt's complaint that go into an error. */
const OUTPUT_LINES = 5;

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
    writeFileSync(join(root, 'sources.list'), `${SOURCES.join('\n')}\n`);
    const options = aptOptions(root, architecture);
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

async function apt(args: readonly string[], folder: string): Promise<void> {
  try {
    await promisify(execFile)('apt-get', args, { cwd: folder });
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
