import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBinaries } from '@managed-cluster/toolchain';
import { productRoot, productVersion } from '../../lib/program/product-files.ts';
import { packagesOptions, type PackagesOptions } from './arguments.ts';
import { buildChart } from './build-chart.ts';
import { buildPackage, packageArchitectures } from './build-package.ts';
import { PACKAGES } from './package-sources.ts';

/* The entry point of `npm run packages`: builds our packages with the Crossplane CLI and our chart with Helm. */
try {
  await buildAll(packagesOptions(process.argv.slice(2), productVersion()));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function buildAll(options: PackagesOptions): Promise<void> {
  const { version } = options;
  const binaries = await ensureBinaries(['crossplane-cli-v2.5', 'helm'], { progress: console.log });
  const root = productRoot();
  const out = resolve(options.out);
  const images = options.images === undefined ? undefined : resolve(options.images);
  mkdirSync(out, { recursive: true });
  for (const source of PACKAGES) {
    for (const architecture of packageArchitectures(source, images)) {
      const name = [`${source.name}-v${version}`, architecture].filter(Boolean).join('-');
      const file = join(out, `${name}.xpkg`);
      const build = { cli: binaries['crossplane-cli-v2.5'], root, file, images, architecture };
      // oxlint-disable-next-line no-await-in-loop -- sequential output is easier to read, and the builds are short
      const held = await buildPackage(source, build);
      console.log([file, ...held].join('\n  '));
    }
  }
  console.log(await buildChart({ helm: binaries.helm, root, out, version }));
}
