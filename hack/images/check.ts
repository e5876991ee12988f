import { execFile } from 'node:child_process';
import { chmodSync, createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { wrapError } from '../../lib/errors.ts';
import { ownArchitecture } from './architecture.ts';
import type { BuiltImage } from './image.ts';
import { blobPath } from './oci.ts';
import { PROGRAM } from './program.ts';
import { NODE, NONROOT } from './runtime.ts';
import { BINARY_FOLDER, IMAGES, type ImageSpec } from './table.ts';

/** Makes a folder the read-only root and switches to another user. */
const ENTER =
  'user=$1; shift; mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && ' +
  'exec chroot --userspec="$user" "$0" "$@"';

/**
 * Runs the programs of an image for the architecture of this machine in its unpacked layers, as its user and
 * with a read-only root: `--help` of our own programs, and the checks of the table. Returns a line for each
 * check. Needs root for `chroot`; an error has the output of the failed program.
 */
export async function checkImage({
  name,
  layout,
  variants,
}: BuiltImage): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) throw new Error('the image check needs root for chroot');
  const own = variants.find(({ architecture }) => architecture === ownArchitecture());
  if (own === undefined)
    return [`${name}: not checked, no image for the architecture of this machine`];
  const root = mkdtempSync(join(tmpdir(), `image-${name}-`));
  chmodSync(root, 0o755);
  try {
    for (const { digest } of own.layers) {
      const blob = createReadStream(join(layout, blobPath(digest)));
      // oxlint-disable-next-line no-await-in-loop -- layers are unpacked in order
      await pipeline(blob, createGunzip(), unpackTar(root));
    }
    const lines: string[] = [];
    for (const command of commandsOf(name, root)) {
      const shown = command.join(' ');
      // oxlint-disable-next-line no-await-in-loop -- lines are in order
      const line = await wrapError(`run ${shown} in image ${name}`, firstLineOf(command, root));
      lines.push(`${name}: ${shown}: ${line}`);
    }
    return lines;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function commandsOf(name: string, root: string): readonly (readonly string[])[] {
  const specs: Readonly<Record<string, ImageSpec>> = IMAGES;
  const { nodeFlags = [], checks = [] } = specs[name] ?? {};
  const own = existsSync(join(root, PROGRAM)) ? [[NODE, ...nodeFlags, PROGRAM, '--help']] : [];
  return [[NODE, '--version'], ...own, ...checks];
}

async function firstLineOf(command: readonly string[], root: string): Promise<string> {
  const args = ['--mount', 'sh', '-c', ENTER, root, NONROOT, ...command];
  const env = { PATH: `${BINARY_FOLDER}:/usr/sbin:/usr/bin:/sbin:/bin` };
  const { stdout } = await promisify(execFile)('unshare', args, { env });
  return stdout.split('\n')[0] ?? '';
}
