import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { ownershipText } from './ownership.ts';
import { secondsBetween } from './duration.ts';
import { stepsOf, type PivotStep } from './rules/pivot-steps.ts';
import { sideTree } from './side-tree.ts';
import { detailsOf } from './trouble.ts';
import { isUnread, pivotsOf, type Snapshot } from './snapshot.ts';
import { leaf, nodeOf, type TreeNode } from './tree-node.ts';

/** treeOf is the ownership tree of all objects of a cluster, on both sides. */
export function treeOf(snapshot: Snapshot): TreeNode {
  const { claim, composite } = snapshot;
  const below = belowComposite(snapshot);
  if (claim === undefined && composite === undefined) throw new Error('cannot draw nothing');
  if (claim === undefined) {
    return composite === undefined ? leaf('nothing') : nodeOf(composite, 'Ready', below);
  }
  const own = composite && {
    ...nodeOf(composite, 'Ready', below),
    says: detailsOf(composite, (type) => OF_CROSSPLANE.has(type)),
  };
  return nodeOf(claim, 'Operational', own === undefined ? below : [own]);
}

/** Conditions that Crossplane sets on the composite; all others are shown on the claim. */
const OF_CROSSPLANE: ReadonlySet<string> = new Set(['Synced', 'Responsive']);

function belowComposite(snapshot: Snapshot): readonly TreeNode[] {
  const { plan, agentInstallation, otherComposed } = snapshot;
  return [
    managementSide(snapshot),
    ...(plan === undefined ? [] : [planNode(plan)]),
    ...(agentInstallation === undefined ? [] : [installationNode(agentInstallation)]),
    ...pivotsOf(snapshot).map(pivotNode),
    ...otherComposed.map((object) => nodeOf(object, 'Ready')),
    ...workloadSide(snapshot),
  ];
}

function managementSide(snapshot: Snapshot): TreeNode {
  const { management } = snapshot;
  const unseen = isUnread(snapshot, 'Cluster') ? 'not seen' : 'no Cluster here';
  return {
    name: 'management side',
    ready: '',
    says: [management.cluster === undefined ? unseen : ownershipText(management.cluster)],
    children: sideTree(management),
  };
}

function workloadSide({ workload }: Snapshot): readonly TreeNode[] {
  if (workload.kind === 'NotYet') return [];
  const name = 'workload side';
  if (workload.kind === 'Unknown') return [{ ...leaf(name), says: [workload.why] }];
  const { cluster } = workload.objects;
  const deployments = workload.deployments.map((object) => nodeOf(object, 'Available'));
  return [
    {
      name,
      ready: '',
      says: [cluster === undefined ? 'no Cluster here' : ownershipText(cluster)],
      children: [...sideTree(workload.objects), ...deployments],
    },
  ];
}

function planNode(plan: KubeObject): TreeNode {
  const layers: unknown = recordIn(plan, 'status')?.['layers'];
  const children = (Array.isArray(layers) ? layers.filter(isRecord) : []).map((layer) =>
    partNode(`Layer/${text(layer['name'])}`, layer['phase'] === 'Ready', [
      text(layer['phase']),
      text(layer['message']),
    ]),
  );
  return { ...nodeOf(plan, undefined), children };
}

function installationNode(installation: KubeObject): TreeNode {
  const parts: unknown = recordIn(installation, 'status')?.['parts'];
  const children = (Array.isArray(parts) ? parts.filter(isRecord) : []).map((part) =>
    partNode(`Part/${text(part['name'])}`, part['ready'] === true, [
      text(part['reason']),
      text(part['message']),
    ]),
  );
  return { ...nodeOf(installation, 'Ready'), children };
}

function pivotNode(pivot: KubeObject): TreeNode {
  const children = stepsOf(pivot).map(stepNode);
  const status = recordIn(pivot, 'status');
  const counts = ['moved', 'skipped'].flatMap((field) => {
    const list = status?.[field];
    return Array.isArray(list) && list.length > 0 ? [`${list.length} ${field}`] : [];
  });
  const node = nodeOf(pivot, 'Ready');
  return {
    ...node,
    says: [...(counts.length > 0 ? [counts.join(', ')] : []), ...node.says],
    children,
  };
}

function stepNode({ name, startTime, endTime, message = '' }: PivotStep): TreeNode {
  const node = partNode(`Step/${name}`, endTime !== undefined, [message]);
  if (startTime === undefined) return node;
  const took = secondsBetween(startTime, endTime ?? startTime).toFixed(1);
  const says = endTime === undefined ? node.says : [`took ${took} s`];
  return { ...node, since: startTime, says };
}

function partNode(name: string, ready: boolean, texts: readonly string[]): TreeNode {
  const said = texts.filter((one) => one !== '').join(': ');
  return {
    ...leaf(name),
    ready: ready ? 'True' : 'False',
    says: said === '' || ready ? [] : [said],
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
