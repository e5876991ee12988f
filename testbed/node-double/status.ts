import type { Condition, Container, Pod } from './pod.ts';

/** Terminated is how a container ended. */
export interface Terminated {
  readonly exitCode: number;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** ContainerState is what a container is doing. */
export type ContainerState =
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | { readonly running: { readonly startedAt: string } }
  | { readonly terminated: Terminated };

/** ContainerRecord is all that the double knows of a container. */
export interface ContainerRecord {
  readonly state: ContainerState;
  readonly last?: Terminated;
  readonly restarts: number;
  /** Whether its probes say that it is ready. */
  readonly ready: boolean;
}

/** PodRecord is all that the double knows of a Pod. */
export interface PodRecord {
  readonly podIP: string;
  readonly hostIP: string;
  readonly startTime: string;
  /** By container name; init containers among them. */
  readonly containers: ReadonlyMap<string, ContainerRecord>;
}

/** PodStatus is what the double writes into `status`. */
export interface PodStatus {
  readonly phase: string;
  readonly conditions: readonly Condition[];
  readonly [field: string]: unknown;
}

/** What a container is before anything was done for it. */
export const CREATING: ContainerRecord = {
  state: { waiting: { reason: 'ContainerCreating' } },
  restarts: 0,
  ready: false,
};

/** The Pod's phase, as the kubelet derives it from the containers. */
export function phaseOf(pod: Pod, record: PodRecord): string {
  const states = pod.spec.containers.map(({ name }) => stateOf(record, name));
  const policy = pod.spec.restartPolicy ?? 'Always';
  const initFailed = (pod.spec.initContainers ?? []).some(({ name }) => {
    return policy === 'Never' && exitCode(stateOf(record, name)) > 0;
  });
  if (initFailed) return 'Failed';
  if (policy !== 'Always' && states.every((state) => 'terminated' in state)) {
    if (states.every((state) => exitCode(state) === 0)) return 'Succeeded';
    if (policy === 'Never') return 'Failed';
  }
  const untouched = states.some((state) => {
    return 'waiting' in state && state.waiting.reason !== 'CrashLoopBackOff';
  });
  return untouched ? 'Pending' : 'Running';
}

/** Since is what conditions are compared with: those told last, and the time of now. */
export interface Since {
  readonly before: readonly Condition[];
  /** RFC 3339. */
  readonly now: string;
}

/** The `status` of the Pod. Conditions keep their transition time unless they changed. */
export function podStatus(pod: Pod, record: PodRecord, since: Since): PodStatus {
  const { containers, initContainers = [] } = pod.spec;
  const phase = phaseOf(pod, record);
  const initialized = initContainers.every(({ name }) => exitCode(stateOf(record, name)) === 0);
  const ready = phase === 'Running' && containers.every(({ name }) => recordOf(record, name).ready);
  const wanted: Readonly<Record<string, boolean>> = {
    PodScheduled: true,
    Initialized: initialized,
    ContainersReady: ready,
    Ready: ready,
  };
  return {
    phase,
    hostIP: record.hostIP,
    podIP: record.podIP,
    podIPs: [{ ip: record.podIP }],
    startTime: record.startTime,
    conditions: Object.entries(wanted).map(([type, is]) => condition(type, is, since)),
    initContainerStatuses: initContainers.map((container) => statusOf(record, container, pod)),
    containerStatuses: containers.map((container) => statusOf(record, container, pod)),
  };
}

function condition(type: string, is: boolean, { before, now }: Since): Condition {
  const status = is ? 'True' : 'False';
  const old = before.find((each) => each.type === type);
  const changed = old?.status === status ? (old.lastTransitionTime ?? now) : now;
  return { type, status, lastTransitionTime: changed };
}

function statusOf(record: PodRecord, { name, image }: Container, pod: Pod): object {
  const { state, last, restarts, ready } = recordOf(record, name);
  return {
    name,
    image,
    imageID: image,
    containerID: `double://${pod.metadata.uid}-${name}-${restarts}`,
    ready,
    started: 'running' in state,
    restartCount: restarts,
    state: explained(state),
    lastState: last === undefined ? {} : explained({ terminated: last }),
  };
}

function explained(state: ContainerState): object {
  if (!('terminated' in state)) return state;
  const { exitCode: code } = state.terminated;
  return { terminated: { ...state.terminated, reason: code === 0 ? 'Completed' : 'Error' } };
}

function recordOf(record: PodRecord, name: string): ContainerRecord {
  return record.containers.get(name) ?? CREATING;
}

function stateOf(record: PodRecord, name: string): ContainerState {
  return recordOf(record, name).state;
}

/** The exit code of a container that ended; -1 for any other. */
function exitCode(state: ContainerState): number {
  return 'terminated' in state ? state.terminated.exitCode : -1;
}
