/** ArchitectureFacts are the differences between the architectures of images. */
interface ArchitectureFacts {
  /** The name in Node. */
  readonly node: NodeJS.Architecture;
  /** The name of its folders in Debian and glibc. */
  readonly triplet: string;
  /** Path of the dynamic loader, which is in the header of every program. */
  readonly loader: string;
  /** `e_machine` in the header of an ELF file. */
  readonly elfMachine: number;
}

/** ARCHITECTURES are the architectures of images, by their name in Go, Debian and OCI. */
export const ARCHITECTURES = {
  amd64: {
    node: 'x64',
    triplet: 'x86_64-linux-gnu',
    loader: '/lib64/ld-linux-x86-64.so.2',
    elfMachine: 62,
  },
  arm64: {
    node: 'arm64',
    triplet: 'aarch64-linux-gnu',
    loader: '/lib/ld-linux-aarch64.so.1',
    elfMachine: 183,
  },
} as const satisfies Readonly<Record<string, ArchitectureFacts>>;

/** Architecture is a key of {@link ARCHITECTURES}. */
export type Architecture = keyof typeof ARCHITECTURES;

/** All architectures, in their order in an image index. */
export const ALL_ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64'];

/** Whether a word is the name of an architecture. */
export function isArchitecture(name: string): name is Architecture {
  return Object.hasOwn(ARCHITECTURES, name);
}

/** The architecture of this machine. Fails when no image supports it. */
export function ownArchitecture(): Architecture {
  const own = ALL_ARCHITECTURES.find((name) => ARCHITECTURES[name].node === process.arch);
  if (own !== undefined) return own;
  throw new Error(
    `images support ${ALL_ARCHITECTURES.join(' and ')}, but this machine is ${process.arch}: use a machine of a supported architecture`,
  );
}

/** `e_machine` from the header of an ELF file; absent for any other file. */
export function elfMachineOf(content: Uint8Array): number | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length < 20 || bytes.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return bytes.readUInt16LE(18);
}
