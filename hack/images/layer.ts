import { packTar, type TarHeader } from 'modern-tar';
import { compareText } from '../../lib/core/order.ts';

/** LayerFile is a file of a layer, owned by root. */
export interface LayerFile {
  /** Absolute, in the image. */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

/** Layer is one layer of an image. */
export interface Layer {
  /** Lower case and hyphens; shown in the history of the image. */
  readonly name: string;
  readonly files: readonly LayerFile[];
  /** Modes of folders by their path; parent folders of files are created with 0755. */
  readonly folders?: Readonly<Record<string, number>>;
}

const FOLDER_MODE = 0o755;

/** As the specification recommends for reproducible digests: no time, no user names. */
const NOBODY_AND_NEVER = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) } as const;

/**
 * The bytes of a layer as a tar file. They are reproducible. Fails when two files have the same path.
 */
export async function packLayer(layer: Layer): Promise<Uint8Array> {
  const entries = [
    ...foldersOf(layer).map(([path, mode]) => ({
      header: header(`${path}/`, { type: 'directory', mode, size: 0 }),
      body: null,
    })),
    ...layer.files.map(({ path, mode, content }) => ({
      header: header(path, { type: 'file', mode, size: content.byteLength }),
      body: content,
    })),
  ].toSorted((a, b) => compareText(a.header.name, b.header.name));
  const twice = entries.find(({ header: { name } }, at) => entries[at + 1]?.header.name === name);
  if (twice) throw new Error(`layer ${layer.name} has duplicate entries ${twice.header.name}`);
  return packTar(entries);
}

function header(path: string, rest: Partial<TarHeader> & { readonly size: number }): TarHeader {
  if (!path.startsWith('/')) throw new Error(`${path} is not an absolute path in an image`);
  return { ...NOBODY_AND_NEVER, ...rest, name: path.slice(1) };
}

/** The listed folders, and all parents of folders and files. */
function foldersOf({ files, folders = {} }: Layer): readonly (readonly [string, number])[] {
  const modes = new Map(Object.entries(folders));
  for (const path of [...files.map((file) => file.path), ...modes.keys()]) {
    for (const above of foldersAbove(path)) modes.set(above, modes.get(above) ?? FOLDER_MODE);
  }
  return [...modes];
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, at) => `/${names.slice(0, at + 1).join('/')}`);
}
