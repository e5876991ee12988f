import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, touch } from '@managed-cluster/toolchain';
import { isRecord } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import { productRoot } from '../../lib/program/product-files.ts';
import { ALL_ARCHITECTURES, type Architecture } from './architecture.ts';
import { DEBIAN, downloadPackages } from './debian-apt.ts';
import { readPackage, type DebianPackage } from './debian-package.ts';
import { writeBytes } from './store.ts';

/** DebianPin is one package of Debian in one version. */
export interface DebianPin {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** PINS_FILE is where the packages are pinned, from the root of the repository. */
export const PINS_FILE = 'hack/images/debian-packages.json';

/** What Node needs to run, its licenses, and CA certificates. */
const NAMES = ['ca-certificates', 'gcc-12-base', 'libc6', 'libgcc-s1', 'libstdc++6'] as const;

/** The pinned packages of an architecture. */
export function debianPins(architecture: Architecture): readonly DebianPin[] {
  const all: unknown = JSON.parse(readFileSync(join(productRoot(), PINS_FILE), 'utf8'));
  const pins: unknown = isRecord(all) ? all[architecture] : undefined;
  return Array.isArray(pins) ? pins.filter(isPin) : [];
}

/**
 * The pinned packages for any architecture. Packages that are not in the cache are downloaded.
 *
 * @throws Error without apt, or when Debian has other versions by now; the message says what to do
 */
export async function debianPackages(
  architecture: Architecture,
  progress: (line: string) => void,
): Promise<readonly DebianPackage[]> {
  const files = debianPins(architecture).map((pin) => {
    const name = `${pin.name}-${pin.sha256}.deb`;
    return { pin, file: join(cacheRoot(), 'debian-packages', name) };
  });
  const missing = files.filter(({ file }) => !touch(file));
  if (missing.length > 0) {
    const names = missing.map(({ pin: { name } }) => name).join(', ');
    progress(`downloading ${names} of Debian ${DEBIAN.suite} for ${architecture} …`);
    const found = await pinned(
      architecture,
      missing.map(({ pin }) => pin),
    );
    for (const [at, { file }] of missing.entries()) writeBytes(file, found[at] ?? Buffer.of());
  }
  return Promise.all(files.map(({ file }) => readPackage(file)));
}

/** The current versions in Debian, as the text of {@link PINS_FILE}. */
export async function latestPins(): Promise<string> {
  const pins: [Architecture, readonly DebianPin[]][] = [];
  for (const architecture of ALL_ARCHITECTURES) {
    // oxlint-disable-next-line no-await-in-loop -- only two, and rarely
    const packages = await downloadPackages(architecture, NAMES);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const found = await Promise.all(packages.map(pinOf));
    pins.push([architecture, found.toSorted((a, b) => compareText(a.name, b.name))]);
  }
  return `${JSON.stringify(Object.fromEntries(pins), null, 2)}\n`;
}

/** The files of packages in the order of their pins, with verified hashes. */
async function pinned(
  architecture: Architecture,
  pins: readonly DebianPin[],
): Promise<readonly Uint8Array[]> {
  const names = pins.map(({ name, version }) => `${name}=${version}`);
  try {
    const files = await downloadPackages(architecture, names);
    const byHash = new Map(files.map((bytes) => [sha256Of(bytes), bytes]));
    return pins.map(({ name, version, sha256 }) => {
      const bytes = byHash.get(sha256);
      if (bytes !== undefined) return bytes;
      throw new Error(`the SHA256 of ${name} ${version} differs from ${PINS_FILE}`);
    });
  } catch (cause) {
    const hint = 'if Debian has newer versions by now, pin them: npm run images -- --update-base';
    throw new Error(`cannot get the Debian packages for ${architecture} (${hint})`, { cause });
  }
}

async function pinOf(bytes: Uint8Array): Promise<DebianPin> {
  const { name, version } = await readPackage(bytes);
  return { name, version, sha256: sha256Of(bytes) };
}

function isPin(value: unknown): value is DebianPin {
  if (!isRecord(value)) return false;
  return ['name', 'version', 'sha256'].every((key) => typeof value[key] === 'string');
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
