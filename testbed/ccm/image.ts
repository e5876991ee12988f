import { join } from 'node:path';
import { productRoot } from '../../lib/program/product-files.ts';
import type { ImageBinary } from '../node-double/config.ts';

/** The image of the cloud controller manager for fake machines, for the node double. */
export function ccmImage(): Readonly<Record<string, ImageBinary>> {
  const root = productRoot();
  const own = ['node_modules', 'package.json'] as const;
  return {
    'registry.example/cloud-controller-manager': {
      bin: join(root, 'dist'),
      at: '/app/dist',
      entrypoint: ['/app/bin/node', '/app/dist/testbed/ccm/main.js'],
      binds: [
        ...own.map((name) => [join(root, name), `/app/${name}`] as const),
        [process.execPath, '/app/bin/node'],
      ],
    },
  };
}
