import { CONTROL_PLANE_LABEL } from '../../capi/labels.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';

/** Part of all workers above which machines are broken by something else; that of a pool by default. */
const STORM = 0.4;

/**
 * isStorm tells whether so many workers of a cluster have lost their Node at once that replacing them
 * would not help: the network, the registry, the power. A single broken machine never is a storm, and
 * one that is being deleted is not broken: a roll-out takes Nodes down by itself.
 */
export function isStorm(machines: readonly KubeObject[]): boolean {
  const workers = machines.filter(
    ({ metadata }) => !isControlPlane(metadata.labels) && metadata.deletionTimestamp === undefined,
  );
  const broken = workers.filter(isBroken).length;
  return broken > 1 && broken > workers.length * STORM;
}

/** Only what was a Node can break; a machine that still starts has a time limit of its own. */
function isBroken(machine: KubeObject): boolean {
  const wasNode = recordIn(recordIn(machine, 'status'), 'nodeRef') !== undefined;
  const status = conditionOf(machine, 'NodeReady')?.status;
  return wasNode && status !== undefined && status !== 'True';
}

function isControlPlane(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels !== undefined && Object.hasOwn(labels, CONTROL_PLANE_LABEL);
}
