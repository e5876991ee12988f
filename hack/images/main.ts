/** Builds the images of the product: see `npm run images -- --help`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBinaries } from '@managed-cluster/toolchain';
import { messageOf, TerminalError } from '../../lib/errors.ts';
import {
  COMMON_FLAGS,
  helpText,
  readCommandLine,
  wantsHelp,
  type CommandLine,
  type Flags,
} from '../../lib/program/flags.ts';
import { productRoot } from '../../lib/program/product-files.ts';
import { ALL_ARCHITECTURES, isArchitecture, type Architecture } from './architecture.ts';
import { buildImages, type ImageBinaries } from './build.ts';
import { checkImage } from './check.ts';
import { latestPins, PINS_FILE } from './debian.ts';
import type { BuiltImage } from './image.ts';
import { tagOf } from './oci.ts';
import { pushImage } from './push.ts';

const FLAGS = {
  out: { value: 'folder', text: 'folder for layouts and tars (default dist/images)' },
  version: { value: 'tag', text: 'tag of the images (default: the version in package.json)' },
  arch: {
    value: 'list',
    text: `comma-separated architectures (default ${ALL_ARCHITECTURES.join(',')})`,
  },
  check: { text: 'after the build, run the programs in the images; needs root' },
  push: {
    value: 'URL',
    text: 'after the build, push to a registry and path, such as https://ghcr.io/managed-cluster',
  },
  'update-base': {
    text: `do not build; pin the current Debian packages of the image base in ${PINS_FILE}`,
  },
  help: COMMON_FLAGS.help,
} as const satisfies Flags;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(messageOf(error));
  // As with the programs: 2 for invalid usage.
  process.exitCode = error instanceof TerminalError ? 2 : 1;
}

async function main(argv: readonly string[]): Promise<number> {
  if (wantsHelp(argv)) {
    console.log(helpText('npm run images --', 'Builds the images of the product.', FLAGS));
    return 0;
  }
  const line = readCommandLine(FLAGS, argv);
  const architectures = architecturesIn(line);
  line.check();
  if (line.has('update-base')) {
    writeFileSync(join(productRoot(), PINS_FILE), await latestPins());
    console.log(`wrote ${PINS_FILE}`);
    return 0;
  }
  const begin = performance.now();
  const version = line.text('version');
  const images = await buildImages({
    out: line.text('out') ?? join(productRoot(), 'dist', 'images'),
    ...(version === undefined ? {} : { version }),
    binaries: await binariesFor(architectures),
    progress: console.log,
  });
  for (const image of images) tell(image);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const news = images.some(({ written }) => written) ? 'built' : 'unchanged';
  console.log(`${images.length} images in ${seconds} s: ${news}`);
  if (line.has('check')) await check(images);
  const registry = line.text('push');
  if (registry !== undefined) await push(images, registry);
  return 0;
}

function architecturesIn(line: CommandLine<'arch'>): readonly Architecture[] {
  const names = line.text('arch')?.split(',') ?? ALL_ARCHITECTURES;
  const wrong = names.find((name) => !isArchitecture(name));
  if (wrong !== undefined)
    line.mistake(`--arch ${wrong} is not one of ${ALL_ARCHITECTURES.join(', ')}`);
  return names.filter(isArchitecture);
}

async function binariesFor(
  architectures: readonly Architecture[],
): Promise<Partial<Record<Architecture, ImageBinaries>>> {
  const binaries: Partial<Record<Architecture, ImageBinaries>> = {};
  for (const architecture of architectures) {
    // oxlint-disable-next-line no-await-in-loop -- one build uses all cores already
    binaries[architecture] = await ensureBinaries(['helm'], {
      progress: console.log,
      architecture,
    });
  }
  return binaries;
}

function tell({ reference, digest, variants, written }: BuiltImage): void {
  console.log(`${written ? 'wrote' : 'has  '} ${reference} ${digest}`);
  for (const { architecture, layers } of variants) {
    const parts = layers.map(({ name, size }) => `${name} ${megabytes(size)}`);
    console.log(`      ${architecture}: ${parts.join(', ')}`);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function check(images: readonly BuiltImage[]): Promise<void> {
  for (const image of images) {
    // oxlint-disable-next-line no-await-in-loop -- one is on disk at a time
    for (const line of await checkImage(image)) console.log(line);
  }
}

/** The push of the first image uploads the layers that the others share. */
async function push(images: readonly BuiltImage[], target: string): Promise<void> {
  const { origin, pathname } = new URL(target);
  const repositories = images.map(({ name }) =>
    [...pathname.split('/'), name].filter(Boolean).join('/'),
  );
  for (const [at, { layout, reference }] of images.entries()) {
    const repository = repositories[at] ?? '';
    const to = { registry: origin, repository, tag: tagOf(reference), mountFrom: repositories[0] };
    // oxlint-disable-next-line no-await-in-loop -- the next image reuses the layers of this one
    const { digest, uploaded } = await pushImage({ layout, ...to });
    console.log(`pushed ${repository}@${digest}: ${uploaded.length} blobs uploaded`);
  }
}
