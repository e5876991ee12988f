import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { cacheKey, cacheRoot, prune, touch } from '@managed-cluster/toolchain';
import { isRecord } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { productRoot } from '../../lib/program/product-files.ts';
import { ARCHITECTURES, type Architecture } from './architecture.ts';
import { writeBytes } from './store.ts';

/** NodePin is the Node of package-lock.json for one architecture. */
interface NodePin {
  readonly package: string;
  readonly version: string;
  /** Subresource Integrity of the package, such as `sha512-…`. */
  readonly integrity: string;
}

/** NodeBinary is a Node binary for an image. */
export interface NodeBinary {
  readonly version: string;
  /** Path on this machine. */
  readonly path: string;
}

/**
 * The Node that package-lock.json pins for an architecture: from node_modules on a machine of this
 * architecture, else from the same npm package, which is downloaded once and verified against its hash.
 */
export async function pinnedNode(
  architecture: Architecture,
  progress: (line: string) => void,
): Promise<NodeBinary> {
  const pin = nodePin(architecture);
  const installed = join(productRoot(), 'node_modules', pin.package);
  const isInstalled = versionIn(installed) === pin.version;
  const path = isInstalled
    ? join(installed, 'bin', 'node')
    : await downloaded(architecture, pin, progress);
  return { version: pin.version, path };
}

/** The pin of an architecture's Node in package-lock.json. */
export function nodePin(architecture: Architecture): NodePin {
  const name = `node-linux-${ARCHITECTURES[architecture].node}`;
  const lock = json(join(productRoot(), 'package-lock.json'));
  const packages = isRecord(lock['packages']) ? lock['packages'] : {};
  const entry = packages[`node_modules/${name}`];
  const { version, integrity } = isRecord(entry) ? entry : {};
  if (typeof version === 'string' && typeof integrity === 'string') {
    return { package: name, version, integrity };
  }
  throw new Error(
    `package-lock.json does not pin ${name}: run npm install ${name} --save-optional`,
  );
}

/**
 * The bytes of a package, verified against the lock file.
 *
 * @throws Error when they differ
 */
export function checkedPackage(
  bytes: Uint8Array,
  { package: name, integrity }: NodePin,
): Uint8Array {
  const [algorithm = '', wanted] = integrity.split(/-(.*)/s);
  const found = createHash(algorithm).update(bytes).digest('base64');
  if (found === wanted) return bytes;
  throw new Error(
    `cannot trust the package ${name}: its ${algorithm} is ${found}, but package-lock.json has ${wanted}`,
  );
}

async function downloaded(
  architecture: Architecture,
  pin: NodePin,
  progress: (line: string) => void,
): Promise<string> {
  const folder = join(cacheRoot(), 'node');
  const path = join(folder, `${architecture}-${cacheKey([pin])}`);
  if (touch(path)) return path;
  progress(`downloading ${pin.package} ${pin.version} …`);
  const archive = await wrapError(`download ${pin.package}`, packed(pin));
  const entries = await unpackTar(gunzipSync(checkedPackage(archive, pin)));
  const node = entries.find(({ header }) => header.name === 'package/bin/node')?.data;
  if (!node) throw new Error(`${pin.package} ${pin.version} has no bin/node`);
  writeBytes(path, node);
  prune(folder, architecture);
  return path;
}

async function packed({ package: name, version }: NodePin): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'npm-pack-'));
  try {
    const args = ['pack', `${name}@${version}`, `--pack-destination=${folder}`, '--silent'];
    await promisify(execFile)('npm', args, { cwd: folder });
    const [file = ''] = readdirSync(folder);
    return readFileSync(join(folder, file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function versionIn(folder: string): unknown {
  const file = join(folder, 'package.json');
  return existsSync(file) ? json(file)['version'] : undefined;
}

function json(file: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isRecord(value) ? value : {};
}
