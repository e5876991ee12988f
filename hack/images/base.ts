import { messageOf } from '../../lib/errors.ts';
import { compareText } from '../../lib/core/order.ts';
import { ARCHITECTURES, ownArchitecture, type Architecture } from './architecture.ts';
import { DEBIAN } from './debian-apt.ts';
import { debianPackages, debianPins } from './debian.ts';
import { fileIn, type DebianPackage } from './debian-package.ts';
import type { Layer, LayerFile } from './layer.ts';
import type { NodeBinary } from './pinned-node.ts';
import {
  CERTIFICATES,
  hostCertificates,
  hostLibraries,
  NONROOT,
  READABLE,
  RUNNABLE,
} from './runtime.ts';

/** BaseLayer is the lowest layer of all images of an architecture, and its contents. */
export interface BaseLayer {
  readonly layer: Layer;
  /** Value of an image label. */
  readonly libraries: string;
}

/** Libraries of glibc and GCC that Node needs, or that glibc loads for name resolution. */
const LIBRARIES = [
  'libc.so.6',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libnss_dns.so.2',
  'libnss_files.so.2',
  'libpthread.so.0',
  'libresolv.so.2',
  'librt.so.1',
  'libstdc++.so.6',
] as const;

/** Debian's folder with one file per certificate. */
const AUTHORITIES = '/usr/share/ca-certificates/mozilla/';

/**
 * Users, certificates, an empty /tmp and the libraries that Node needs, from pinned Debian packages. If
 * these are not available, images for the architecture of this machine get the libraries of the machine,
 * which is reported; for another architecture this is an error.
 */
export async function baseLayer(
  architecture: Architecture,
  node: NodeBinary,
  progress: (line: string) => void,
): Promise<BaseLayer> {
  try {
    return debianBase(architecture, await debianPackages(architecture, progress));
  } catch (error) {
    if (architecture !== ownArchitecture()) throw error;
    progress(`${messageOf(error)}. The images get the libraries of this machine instead.`);
    const files = [...(await hostLibraries(node.path)), hostCertificates()];
    return { layer: layerOf(files), libraries: 'of the machine that built the image' };
  }
}

/** The layer from packages. Fails when they lack a required file. */
export function debianBase(
  architecture: Architecture,
  packages: readonly DebianPackage[],
): BaseLayer {
  const { triplet, loader } = ARCHITECTURES[architecture];
  const paths = LIBRARIES.map((name) => [`/lib/${triplet}/${name}`, `/usr/lib/${triplet}/${name}`]);
  const libraries = [[loader], ...paths].map((either) => library(packages, either));
  const about = packages.flatMap((one) => [
    // As in https://github.com/GoogleContainerTools/distroless, so that scanners find the packages.
    text(`/var/lib/dpkg/status.d/${one.name}`, one.control),
    ...licence(one),
  ]);
  return {
    layer: layerOf([...libraries, ...about, osRelease(), authorities(packages)]),
    libraries: debianPins(architecture)
      .map(({ name, version, sha256 }) => `${name}=${version} sha256:${sha256}`)
      .join(', '),
  };
}

function library(packages: readonly DebianPackage[], either: readonly string[]): LayerFile {
  for (const path of either) {
    const content = fileIn(packages, path);
    // Libraries are executable too, because the kernel requires it of the loader.
    if (content !== undefined) return { path, mode: RUNNABLE, content };
  }
  throw new Error(`the Debian packages contain no ${either.join(' and no ')}`);
}

/** Some packages link to the copyright file of another package, which is included too. */
function licence({ name, files }: DebianPackage): readonly LayerFile[] {
  const path = `/usr/share/doc/${name}/copyright`;
  const content = files.get(path);
  return content === undefined ? [] : [{ path, mode: READABLE, content }];
}

function osRelease(): LayerFile {
  const { suite, version } = DEBIAN;
  const lines = [`PRETTY_NAME="Debian ${version}"`, 'ID=debian', `VERSION_ID="${version}"`];
  return text('/etc/os-release', `${[...lines, `VERSION_CODENAME=${suite}`].join('\n')}\n`);
}

/** As update-ca-certificates does: concatenated, sorted by name. */
function authorities(packages: readonly DebianPackage[]): LayerFile {
  const all = packages.flatMap(({ files }) => [...files]);
  const certificates = all
    .filter(([path]) => path.startsWith(AUTHORITIES))
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, content]) => Buffer.from(content).toString().trim());
  if (certificates.length > 0) return text(CERTIFICATES, `${certificates.join('\n')}\n`);
  throw new Error('the Debian packages contain no CA certificates');
}

function layerOf(files: readonly LayerFile[]): Layer {
  return { name: 'base', files: [...users(), ...files], folders: { '/tmp': 0o1777 } };
}

function users(): readonly LayerFile[] {
  return [
    text('/etc/passwd', `root:x:0:0:root:/:\nnonroot:x:${NONROOT}:nonroot:/nonexistent:\n`),
    text('/etc/group', 'root:x:0:\nnonroot:x:65532:\n'),
    // Without it, old versions of glibc query DNS before they read /etc/hosts.
    text('/etc/nsswitch.conf', 'hosts: files dns\n'),
  ];
}

function text(path: string, content: string): LayerFile {
  return { path, mode: READABLE, content: Buffer.from(content) };
}
