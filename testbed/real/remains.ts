import type { KubeApi } from '../../lib/kube/api.ts';
import { leftovers, TEARDOWN_REPORT } from '../leftovers.ts';
import type { Docker } from './docker.ts';
import { worldContainers } from './machine-engine.ts';
import { MANAGEMENT } from './management.ts';
import { REGISTRY_CONTAINER } from './registry.ts';

/** remains are the containers and objects that remain of a deleted cluster; empty when nothing remains. */
export async function remains(
  docker: Docker,
  management: KubeApi,
  cluster: string,
): Promise<readonly string[]> {
  const containers = (await worldContainers(docker)).filter(
    (name) => name !== MANAGEMENT && name !== REGISTRY_CONTAINER,
  );
  const objects = await leftovers(management, { cluster, except: [TEARDOWN_REPORT] });
  return [...containers.map((name) => `container ${name}`), ...objects];
}
