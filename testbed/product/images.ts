import { join } from 'node:path';
import { productRoot } from '../../lib/program/product-files.ts';
import type { ImageBinary } from '../node-double/config.ts';
import { binary, type WorldContext } from '../world-context.ts';

/** AGENT_IMAGE is the image in the Deployment of the agent; a world never pulls it. */
export const AGENT_IMAGE = 'ghcr.io/managed-cluster/agent:world';

/** The agent's image for the node double: the built programs, their packages, Node and helm. */
export function agentImage(context: WorldContext): Readonly<Record<string, ImageBinary>> {
  const root = productRoot();
  const own = ['node_modules', 'package', 'package.json'] as const;
  return {
    'ghcr.io/managed-cluster/agent': {
      bin: join(root, 'dist'),
      at: '/app/dist',
      entrypoint: ['node', '/app/dist/agent/main.js'],
      env: { PATH: '/app/bin:/usr/sbin:/usr/bin:/sbin:/bin', HELM_BINARY: '/app/bin/helm' },
      binds: [
        ...own.map((name) => [join(root, name), `/app/${name}`] as const),
        [process.execPath, '/app/bin/node'],
        [binary(context, 'helm'), '/app/bin/helm'],
      ],
    },
  };
}
