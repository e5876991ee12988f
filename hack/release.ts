import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '@managed-cluster/testbed';
import { productRoot, productVersion } from '../lib/program/product-files.ts';
import { ownArchitecture } from './images/architecture.ts';
import { buildImages } from './images/build.ts';
import { pushImage } from './images/push.ts';
import { buildPackage } from './packages/build-package.ts';
import { PACKAGES } from './packages/package-sources.ts';

/** Output folders of the build scripts. */
const IMAGES = join(productRoot(), 'dist', 'images');
const PACKAGE_FOLDER = join(productRoot(), 'dist', 'packages');

/** buildRelease builds images and packages with the release scripts. */
export async function buildRelease(
  binaries: Readonly<Record<string, string>>,
  progress: (line: string) => void,
): Promise<void> {
  const { helm = '', 'crossplane-cli-v2.5': cli = '' } = binaries;
  const images = { [ownArchitecture()]: { helm } };
  await buildImages({ out: IMAGES, binaries: images, progress });
  mkdirSync(PACKAGE_FOLDER, { recursive: true });
  const root = productRoot();
  for (const source of PACKAGES) {
    // oxlint-disable-next-line no-await-in-loop -- a second each
    await buildPackage(source, { cli, root, file: packageFile(source.name), images: IMAGES });
  }
}

/** builtRelease is the output of {@link buildRelease}. */
export function builtRelease(): Release {
  const version = productVersion();
  return {
    version,
    packages: PACKAGES.map(({ name }) => ({ name, file: packageFile(name) })),
    async pushAgent(registry, repository) {
      await pushImage({ registry, layout: join(IMAGES, 'agent'), repository, tag: version });
    },
  };
}

function packageFile(name: string): string {
  return join(PACKAGE_FOLDER, `${name}-v${productVersion()}.xpkg`);
}
