/** Summary is what a kubelet tells of its node (`stats.k8s.io/v1alpha1`), as far as it is read. */
export interface Summary {
  readonly node: Stats & { readonly nodeName: string };
  readonly pods?: readonly PodStats[];
}

interface PodStats extends Stats {
  readonly podRef: { readonly name: string; readonly namespace: string };
}

interface Stats {
  readonly cpu?: {
    /** When it was measured. */
    readonly time: string;
    /** Cumulative: nanoseconds of one core. */
    readonly usageCoreNanoSeconds?: number;
  };
  readonly memory?: { readonly workingSetBytes?: number };
}

/** Load is what something takes. */
export interface Load {
  /** Working set: what can't be reclaimed without swapping; NaN when it is not told. */
  readonly memoryMiB: number;
  /** Mean between two samples; NaN when one of them is missing. */
  readonly cores: number;
}

/** PodLoad is that of a Pod. */
export interface PodLoad extends Load {
  readonly namespace: string;
  readonly name: string;
}

/** NodeLoad is that of a node, and of the Pods on it that are of interest. */
export interface NodeLoad extends Load {
  readonly node: string;
  /** In order of namespaces and names. */
  readonly pods: readonly PodLoad[];
}

/** OURS are the namespaces of our own Pods, of Cluster API's and of Crossplane's. */
const OURS = /^(?:managed-cluster|capi|capd|crossplane)-/;

const BYTES = 2 ** 20;

/** loadBetween compares two samples of one node; memory is that of the second. */
export function loadBetween(before: Summary, after: Summary): NodeLoad {
  const pods = (after.pods ?? [])
    .filter(({ podRef }) => OURS.test(podRef.namespace))
    .map((pod) => {
      const { namespace, name } = pod.podRef;
      return { namespace, name, ...load(podOf(before, pod), pod) };
    });
  return {
    node: after.node.nodeName,
    ...load(before.node, after.node),
    pods: pods.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  };
}

/** together is the sum of loads. */
export function together(loads: readonly Load[]): Load {
  return {
    memoryMiB: loads.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
    cores: loads.reduce((sum, { cores }) => sum + cores, 0),
  };
}

function nameOf({ namespace, name }: PodLoad): string {
  return `${namespace}/${name}`;
}

function podOf({ pods = [] }: Summary, { podRef }: PodStats): Stats | undefined {
  return pods.find(
    (pod) => pod.podRef.name === podRef.name && pod.podRef.namespace === podRef.namespace,
  );
}

function load(before: Stats | undefined, after: Stats): Load {
  const bytes = after.memory?.workingSetBytes ?? Number.NaN;
  return { memoryMiB: bytes / BYTES, cores: coresBetween(before?.cpu, after.cpu) };
}

/** By the kubelet's own clock: it measures only every few seconds, not when it is asked. */
function coresBetween(before: Stats['cpu'], after: Stats['cpu']): number {
  const nanoseconds = (Date.parse(after?.time ?? '') - Date.parse(before?.time ?? '')) * 1e6;
  const used =
    (after?.usageCoreNanoSeconds ?? Number.NaN) - (before?.usageCoreNanoSeconds ?? Number.NaN);
  return nanoseconds > 0 ? used / nanoseconds : Number.NaN;
}
