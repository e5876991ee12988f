import type { Cloud, Kind } from '../capi/cloud.ts';
import { cloudNamed } from '../capi/clouds/index.ts';
import {
  BOOTSTRAP_TEMPLATE,
  CLUSTER,
  CONTROL_PLANE,
  HEALTH_CHECK,
  MACHINE,
  MACHINE_DEPLOYMENT,
  MACHINE_SET,
} from '../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../capi/labels.ts';
import type { ClusterPlan } from '../lib/apis/cluster-plan.generated.ts';
import { recordIn } from '../lib/core/object.ts';
import { aborted } from '../lib/aborted.ts';
import type { KubeApi, ListOptions } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import { createInformer, type Informer } from '../lib/reconcile/informer.ts';
import type { ClusterState } from './core/cluster-state.ts';
import { pause } from './pacing.ts';
import { Topic } from './topic.ts';

/** The observed cluster. */
export interface Subject {
  readonly namespace: string;
  readonly cluster: string;
}

/** Observed caches the Cluster API objects of one cluster in this API server. */
export interface Observed {
  /** The current state. */
  state(): ClusterState;
  /** Whether all lists are complete; false while Cluster API is not installed. */
  isComplete(): boolean;
  onChange(listener: () => void): void;
  run(signal: AbortSignal): Promise<void>;
}

/** createObserved watches only the kinds of a cloud in the namespace of the cluster. */
export function createObserved(
  api: KubeApi,
  subject: Subject,
  options: { readonly cloud: Cloud; readonly log: Logger },
): Observed {
  const caches = createCaches(api, subject, options);
  const all = Object.values(caches);
  return {
    state: () => stateIn(caches, subject),
    isComplete: () => all.every((each) => each.hasSynced()),
    onChange(listener): void {
      for (const each of all) each.onEvent(() => listener());
    },
    async run(signal): Promise<void> {
      const { machineTemplate } = options.cloud;
      await served(api, [machineTemplate, CONTROL_PLANE, BOOTSTRAP_TEMPLATE, CLUSTER], signal);
      await Promise.all(all.map((each) => each.run(signal)));
    },
  };
}

function createCaches(
  api: KubeApi,
  { namespace, cluster }: Subject,
  { cloud, log }: { readonly cloud: Cloud; readonly log: Logger },
) {
  const labelled = { labelSelector: `${CLUSTER_NAME_LABEL}=${cluster}` };
  const itself = { fieldSelector: `metadata.name=${cluster}` };
  function cache(kind: Kind, selector: ListOptions = labelled): Informer {
    return createInformer(api, { ...kind, namespace }, { ...selector, log });
  }
  return {
    clusters: cache(CLUSTER, itself),
    infrastructureClusters: cache(cloud.infrastructureCluster, itself),
    controlPlanes: cache(CONTROL_PLANE),
    machines: cache(MACHINE),
    machineSets: cache(MACHINE_SET),
    deployments: cache(MACHINE_DEPLOYMENT),
    healthChecks: cache(HEALTH_CHECK),
    machineTemplates: cache(cloud.machineTemplate),
    bootstrapTemplates: cache(BOOTSTRAP_TEMPLATE),
  } as const;
}

function stateIn(
  caches: ReturnType<typeof createCaches>,
  { namespace, cluster: name }: Subject,
): ClusterState {
  const cluster = caches.clusters.get({ namespace, name });
  const reference = recordIn(recordIn(cluster, 'spec'), 'controlPlaneRef')?.['name'];
  return {
    cluster,
    infrastructureCluster: caches.infrastructureClusters.get({ namespace, name }),
    controlPlane: caches.controlPlanes.list().find(({ metadata }) => metadata.name === reference),
    machines: caches.machines.list(),
    machineSets: caches.machineSets.list(),
    deployments: caches.deployments.list(),
    healthChecks: caches.healthChecks.list(),
    templates: [...caches.machineTemplates.list(), ...caches.bootstrapTemplates.list()],
  };
}

/** ObservedByPlan starts to observe when a plan names the cloud, whose kinds are then watched. */
export interface ObservedByPlan {
  /** Undefined until a plan names a cloud that this version knows. */
  readonly current: () => Observed | undefined;
  readonly follow: (plan: ClusterPlan | undefined) => void;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** createObservedByPlan waits for the first plan; the cloud of a cluster never changes. */
export function createObservedByPlan(
  api: KubeApi,
  subject: Subject,
  { log, onChange }: { readonly log: Logger; readonly onChange: () => void },
): ObservedByPlan {
  let observed: Observed | undefined;
  const begun = new Topic();
  return {
    current: () => observed,
    follow(plan): void {
      const cloud = cloudNamed(recordIn(plan?.spec.cluster, 'cloud')?.['provider']);
      if (observed !== undefined || cloud === undefined) return;
      observed = createObserved(api, subject, { cloud, log });
      observed.onChange(onChange);
      begun.publish();
    },
    async run(signal): Promise<void> {
      const known = new Promise<void>((resolve) => {
        begun.subscribe(resolve);
      });
      if (observed === undefined) await Promise.race([known, aborted(signal)]);
      await observed?.run(signal);
    },
  };
}

/** Poll interval for kinds that are not served yet, in milliseconds: a pivot follows soon after. */
const ASK_MS = 1500;

/** Starts a watch only when its kind is served; otherwise the watch would back off exponentially. */
async function served(api: KubeApi, kinds: readonly Kind[], signal: AbortSignal): Promise<void> {
  const [kind, ...rest] = kinds;
  if (kind === undefined || signal.aborted) return;
  // oxlint-disable-next-line no-await-in-loop -- polls
  while (!signal.aborted && !(await isServed(api, kind))) await pause(ASK_MS, signal);
  await served(api, rest, signal);
}

async function isServed(api: KubeApi, { apiVersion }: Kind): Promise<boolean> {
  return api.raw('GET', `/apis/${apiVersion}`).then(
    () => true,
    () => false,
  );
}
