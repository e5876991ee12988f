import { leftovers, TEARDOWN_REPORT } from '../leftovers.ts';
import { worldContainers } from './machine-engine.ts';
import { MANAGEMENT } from './management.ts';
import type { RealWorld } from './real-world.ts';
import { REGISTRY_CONTAINER } from './registry.ts';

/** remains are containers and objects of a cluster that is gone; empty when all went with it. */
export async function remains(
  { engine, management }: Pick<RealWorld, 'engine' | 'management'>,
  cluster: string,
): Promise<readonly string[]> {
  const containers = (await worldContainers(engine.docker)).filter(
    (name) => name !== MANAGEMENT && name !== REGISTRY_CONTAINER,
  );
  const objects = await leftovers(management.api, { cluster, except: [TEARDOWN_REPORT] });
  return [...containers.map((name) => `container ${name}`), ...objects];
}
