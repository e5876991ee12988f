import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Layer, LayerFile } from './layer.ts';
import type { ImageSpec } from './table.ts';

/** FOLDER is where the product is in an image. */
const FOLDER = '/app';

/** PROGRAM is the file that Node runs. */
export const PROGRAM = `${FOLDER}/main.mjs`;

const MODE = 0o644;

/** Some packages are CommonJS, and ask for Node's own modules with a `require` that modules lack. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** ProgramOptions are what all programs of a build have in common. */
export interface ProgramOptions {
  /** Of the repository. */
  readonly root: string;
  /** What the programs tell as their own. */
  readonly version: string;
  /** Of the Node that runs them. */
  readonly nodeVersion: string;
}

/**
 * A program as one file, with what it reads while it runs. One file starts three times as fast as its
 * hundreds of modules, and takes half the memory.
 */
export async function programLayer(
  name: string,
  { program, folders }: ImageSpec,
  { root, version, nodeVersion }: ProgramOptions,
): Promise<Layer> {
  const bundle = await bundled(join(root, program), nodeVersion);
  const manifest = Buffer.from(JSON.stringify({ name: 'managed-cluster', version }));
  const files = [
    file(PROGRAM, bundle),
    file(`${FOLDER}/package.json`, manifest),
    ...folders.flatMap((folder) => filesIn(root, folder)),
  ];
  return { name, files };
}

/** Names and lines stay as they are, for stack traces that can be read. */
async function bundled(entry: string, nodeVersion: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: `node${nodeVersion.split('.')[0]}`,
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  const [only] = outputFiles;
  if (only === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return only.contents;
}

function filesIn(root: string, folder: string): readonly LayerFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return file(path.replace(root, FOLDER), readFileSync(path));
    });
}

function file(path: string, content: Uint8Array): LayerFile {
  return { path, mode: MODE, content };
}
