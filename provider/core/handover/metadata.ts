import {
  CLUSTER_NAME_LABEL,
  CONTROL_PLANE_LABEL,
  DEPLOYMENT_NAME_LABEL,
  NODE_POOL_LABEL,
} from '../../../capi/labels.ts';
import { AGENT_NAME } from '../../../lib/apis/agent.ts';
import {
  EPOCH_ANNOTATION,
  HOLD_LABEL,
  OWNER_ANNOTATION,
  PIVOT_ANNOTATION,
} from '../../../lib/apis/ownership.ts';
import { recordIn, type KubeObject } from '../../../lib/core/object.ts';
import type { RecordedObject } from './record.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * Labels by which controllers of Cluster API find the machines of an owner. Not on a Cluster, which others select. The
 * hold is not among them: on a machine created inside it would stop its deletion for ever.
 */
const LABELS = [
  CONTROL_PLANE_LABEL,
  DEPLOYMENT_NAME_LABEL,
  NODE_POOL_LABEL,
  'cluster.x-k8s.io/control-plane-name',
  'cluster.x-k8s.io/set-name',
  'cluster.x-k8s.io/pool-name',
  'machine-template-hash',
];

/** Annotations in which Cluster API v1.14 keeps its own state; none of them selects, pauses or blocks anything. */
const ANNOTATIONS = [
  'cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size',
  'cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size',
  'cluster.x-k8s.io/cloned-from-name',
  'cluster.x-k8s.io/cloned-from-groupkind',
  'controlplane.cluster.x-k8s.io/kubeadm-cluster-configuration',
  'controlplane.cluster.x-k8s.io/remediation-for',
  'controlplane.cluster.x-k8s.io/remediation-in-progress',
  'machine.cluster.x-k8s.io/certificates-expiry',
  'machinedeployment.clusters.x-k8s.io/revision',
  'machinedeployment.clusters.x-k8s.io/desired-replicas',
  'machinedeployment.clusters.x-k8s.io/max-replicas',
  'pre-terminate.delete.hook.machine.cluster.x-k8s.io/kcp-cleanup',
];

/** On the Cluster only: the fence, which the pivot itself writes. */
const FENCE = [OWNER_ANNOTATION, EPOCH_ANNOTATION, PIVOT_ANNOTATION];

/** Finalizers of kinds that may be created inside the cluster. Others come back if the kind had them at the handover. */
const FINALIZERS = [
  'machine.cluster.x-k8s.io',
  'cluster.x-k8s.io/machinedeployment',
  'cluster.x-k8s.io/machineset',
];

/** Field managers whose fields stay theirs: the agent and the managers of Cluster API. */
const MANAGERS = new RegExp(`^(${AGENT_NAME}|manager|cap[a-z]+-[a-z-]+)$`);

/** MetadataGiven is what metadata is judged by. */
export interface MetadataGiven {
  readonly cluster: string;
  readonly recorded: RecordedObject | undefined;
  /** Finalizers that objects of the kind had at the handover. */
  readonly finalizers: readonly string[];
  /** Labels that an owner requires by its selector or its template. */
  readonly selected: Texts;
}

/**
 * acceptedMetadata returns the labels, annotations, finalizers and field managers with which an object comes
 * back. What is on the list comes from the source; anything else only if the object had it at the handover, and
 * with the value of then. Owner references are left to the caller.
 */
export function acceptedMetadata(
  object: KubeObject,
  { cluster, recorded, finalizers, selected }: MetadataGiven,
): KubeObject['metadata'] {
  const isRoot = object.kind === 'Cluster';
  const labels = accepted(object.metadata.labels, {
    listed: isRoot ? [HOLD_LABEL] : LABELS,
    recorded: recorded?.labels ?? {},
  });
  const annotations = accepted(object.metadata.annotations, {
    listed: isRoot ? FENCE : ANNOTATIONS,
    recorded: recorded?.annotations ?? {},
  });
  const known = new Set([...FINALIZERS, ...finalizers]);
  return {
    ...identityOf(object),
    labels: { ...labels, ...selected, [CLUSTER_NAME_LABEL]: cluster },
    annotations,
    finalizers: (object.metadata.finalizers ?? []).filter(
      (one, at, all) => known.has(one) && all.indexOf(one) === at,
    ),
    ...managersOf(object),
  };
}

interface Accepted {
  readonly listed: readonly string[];
  readonly recorded: Texts;
}

function accepted(source: Texts | undefined, { listed, recorded }: Accepted): Texts {
  const entries = Object.entries(source ?? {});
  return Object.fromEntries(
    entries.flatMap(([key, value]): readonly (readonly [string, string])[] => {
      if (listed.includes(key)) return [[key, value]];
      const before = Object.hasOwn(recorded, key) ? recorded[key] : undefined;
      return before === undefined ? [] : [[key, before]];
    }),
  );
}

function managersOf({ metadata }: KubeObject): Pick<KubeObject['metadata'], 'managedFields'> {
  const managedFields = (metadata.managedFields ?? []).filter(
    ({ manager }) => manager !== undefined && MANAGERS.test(manager),
  );
  return managedFields.length === 0 ? {} : { managedFields };
}

/** Its name, and what the source says about the object there, which is not copied, but compared. */
function identityOf({ metadata }: KubeObject): KubeObject['metadata'] {
  const { name, namespace, uid, resourceVersion, generation, deletionTimestamp } = metadata;
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(generation === undefined ? {} : { generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
}

/** Owners that give their labels to what they create, and domains whose labels say something on this side. */
const GIVING = ['MachineDeployment', 'MachineSet', 'KubeadmControlPlane'];
const OURS = /(^|\.)(managedcluster|crossplane)\.io\//;

/**
 * selectedBy returns the labels that an owner requires of its machines and machine sets: those of its selector, without
 * which it would create others, and those of its template, which Cluster API keeps equal on Machine and Node. A Machine
 * without them would take them from its Node until the owner gives them again, and Pods with them.
 */
export function selectedBy(owner: KubeObject | undefined, object: KubeObject): Texts {
  if (owner === undefined || !GIVING.includes(owner.kind)) return {};
  const spec = recordIn(owner, 'spec');
  const templates = ['template', 'machineTemplate'].map((field) => recordIn(spec, field));
  const required = [
    ...templates.map((template) => recordIn(recordIn(template, 'metadata'), 'labels')),
    recordIn(recordIn(spec, 'selector'), 'matchLabels'),
  ].flatMap((labels) => Object.entries(labels ?? {}));
  const own = object.metadata.labels ?? {};
  return Object.fromEntries(
    required.filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' && own[entry[0]] === entry[1] && !OURS.test(entry[0]),
    ),
  );
}
