/** ArchitectureFacts is what differs between the machines that images are made for. */
interface ArchitectureFacts {
  /** Node's own name of it. */
  readonly node: NodeJS.Architecture;
  /** Debian's and glibc's name of its folders. */
  readonly triplet: string;
  /** Where programs look for the loader: it is written in each of them. */
  readonly loader: string;
  /** `e_machine` in the header of an ELF file. */
  readonly elfMachine: number;
}

/** ARCHITECTURES that images are made for, by the name that Go, Debian and OCI have for them. */
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

/** All of them, in the order in which an image lists them. */
export const ALL_ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64'];

/** Whether a word is one of their names. */
export function isArchitecture(name: string): name is Architecture {
  return Object.hasOwn(ARCHITECTURES, name);
}

/** That of this machine. Fails where no image runs. */
export function ownArchitecture(): Architecture {
  const own = ALL_ARCHITECTURES.find((name) => ARCHITECTURES[name].node === process.arch);
  if (own !== undefined) return own;
  throw new Error(
    `images are made for ${ALL_ARCHITECTURES.join(' and ')}, and this machine is ${process.arch}: use one of those`,
  );
}

/** `e_machine` of an ELF file, as its header tells it; absent for any other file. */
export function elfMachineOf(content: Uint8Array): number | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length < 20 || bytes.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return bytes.readUInt16LE(18);
}
