import { containerPids } from './node-double/container-pids.ts';
import type { Site } from './site/site.ts';

/** killPods ends the containers of all Pods whose `namespace/name` begins so, as a crash does. */
export async function killPods(site: Site, prefix: string): Promise<number> {
  const double = site.processes.nodeDouble.pid();
  if (double === undefined) throw new Error(`the node of site ${site.name} is not running`);
  const { items } = await site.api.list({ apiVersion: 'v1', kind: 'Pod' });
  const uids = items
    .filter(({ metadata: { namespace, name } }) => `${namespace}/${name}`.startsWith(prefix))
    .map(({ metadata }) => metadata.uid ?? '');
  const pids = containerPids(double).filter(({ podUid }) => uids.includes(podUid));
  for (const { pid } of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}
