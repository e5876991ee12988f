import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { unpackTar } from 'modern-tar';

/** DebianPackage is the content of a `*.deb` file. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** Its control file, which dpkg and scanners of images read. */
  readonly control: string;
  /** Content by absolute path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Absolute targets of symbolic links, by their path. */
  readonly links: ReadonlyMap<string, string>;
}

/** Larger than any unpacked package. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Reads a package from its path or its bytes with dpkg-deb, which handles all compressions. */
export async function readPackage(deb: string | Uint8Array): Promise<DebianPackage> {
  if (typeof deb === 'string') return readFile(deb);
  const folder = mkdtempSync(join(tmpdir(), 'deb-'));
  try {
    const file = join(folder, 'package.deb');
    writeFileSync(file, deb);
    return await readFile(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of one of the packages, by its path or the path of a link to it; absent when it does not exist. */
export function fileIn(packages: readonly DebianPackage[], path: string): Uint8Array | undefined {
  const target = packages.flatMap(({ links }) => links.get(path) ?? [])[0];
  if (target !== undefined) return fileIn(packages, target);
  return packages.flatMap(({ files }) => files.get(path) ?? [])[0];
}

async function readFile(file: string): Promise<DebianPackage> {
  const options = { encoding: 'buffer', maxBuffer: MAX_BYTES } as const;
  const run = promisify(execFile);
  const { stdout: tar } = await run('dpkg-deb', ['--fsys-tarfile', file], options);
  const { stdout } = await run('dpkg-deb', ['--field', file], options);
  const control = stdout.toString();
  const [files, links] = [new Map<string, Uint8Array>(), new Map<string, string>()];
  for (const { header, data } of await unpackTar(tar)) {
    const path = posix.resolve('/', header.name);
    if (header.type === 'file' && data) files.set(path, data);
    if (header.type === 'symlink')
      links.set(path, posix.resolve(path, '..', header.linkname ?? ''));
  }
  return {
    name: field(control, 'Package'),
    version: field(control, 'Version'),
    control,
    files,
    links,
  };
}

function field(control: string, name: string): string {
  const value = new RegExp(`^${name}: (.+)$`, 'm').exec(control)?.[1];
  if (value !== undefined) return value;
  throw new Error(`a Debian package has no field ${name}`);
}
