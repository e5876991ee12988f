import { leftovers, TEARDOWN_REPORT } from '../leftovers.ts';
import { MANAGEMENT } from './management.ts';
import type { RealWorld } from './real-world.ts';
import { REGISTRY_CONTAINER } from './registry.ts';

/** remains is what is left of a cluster that was deleted: containers that are not the world's own, and objects. */
export async function remains(
  { engine, management }: RealWorld,
  cluster: string,
): Promise<readonly string[]> {
  const running = (await engine.docker(['ps', '--all', '--format', '{{.Names}}'])).split('\n');
  const containers = running.filter((one) => one !== MANAGEMENT && one !== REGISTRY_CONTAINER);
  const objects = await leftovers(management.api, { cluster, except: [TEARDOWN_REPORT] });
  return [...containers.map((one) => `container ${one}`), ...objects];
}
