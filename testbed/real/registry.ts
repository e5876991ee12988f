import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@managed-cluster/toolchain';
import type { WorldContext } from '../world-context.ts';
import { ADDRESSES, NODE_NETWORK, REGISTRY } from './addresses.ts';
import type { Docker } from './docker.ts';
import { flags } from './flags.ts';
import { builtAs, REGISTRY_IMAGE } from './images.ts';

/** REGISTRY_CONTAINER is its name in the engine. */
export const REGISTRY_CONTAINER = 'managed-cluster-registry';

/** In its container. */
const PORT = 5000;

const CONFIGURATION = `version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: /var/lib/registry }, delete: { enabled: true } }
http: { addr: "0.0.0.0:${PORT}" }
`;

/** startRegistry runs the registry of a world; what was pushed stays in the folder. */
export async function startRegistry(
  context: WorldContext,
  docker: Docker,
  folder: string,
): Promise<void> {
  const file = join(context.folder, 'registry.yml');
  writeFileSync(file, CONFIGURATION);
  mkdirSync(folder, { recursive: true });
  await docker([
    'run',
    ...flags({
      detach: true,
      name: REGISTRY_CONTAINER,
      restart: 'on-failure',
      network: NODE_NETWORK.name,
      ip: ADDRESSES.registry,
      publish: `127.0.0.1::${PORT}`,
      volume: [`${file}:/etc/registry.yml:ro`, `${folder}:/var/lib/registry`],
    }),
    REGISTRY_IMAGE,
  ]);
  await waitFor({
    what: 'the registry to answer',
    timeoutMs: 30_000,
    look: async () => ((await fetch(`http://${REGISTRY}/v2/`)).ok ? true : undefined),
  });
}

/**
 * push puts an image that was built in the engine into the registry, under its own name without the
 * host. By default an engine uses plain HTTP only for loopback addresses.
 */
export async function push(docker: Docker, image: string): Promise<void> {
  const [, ...path] = image.split('/');
  const published = await docker(['port', REGISTRY_CONTAINER, `${PORT}/tcp`]);
  const there = [published, ...path].join('/');
  await docker(['tag', builtAs(image), there]);
  await docker(['push', '--quiet', there]);
  await docker(['rmi', there]);
}
