import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import type {
  ManagedClusterSpec,
  ManagedClusterStatus,
} from '../../lib/apis/managed-cluster.generated.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { recordIn } from '../../lib/core/object.ts';
import { countOf, cutText } from '../../lib/core/reported.ts';
import { reportedByAgent, versionIn, workers } from './agent-report.ts';
import type { Facts } from './facts.ts';
import { ownCondition, statusOf, type Observed, type Target } from './observed.ts';
import { hasReached, PHASE_NAMES, type Phase } from './phase.ts';

/** Limit of our schema (lib/apis/schema/cluster-status.ts), in characters. */
const LONGEST_PHASE = 1024;

/** The condition that becomes True when a phase ends; its transition time is the end time of the phase. */
const END_OF: Readonly<Record<Phase, string>> = {
  Provisioning: 'ControlPlaneInitialized',
  InstallingAgent: 'AgentInstalled',
  Pivoting: 'Pivoted',
  SelfManaged: '',
};

/**
 * compositeStatus returns the whole status without conditions. Crossplane removes fields that are not
 * sent (facts/crossplane.md 3), so fields that must survive are sent again.
 */
export function compositeStatus(
  phase: Phase,
  facts: Facts,
  observed: Observed,
  claim: { readonly spec: ManagedClusterSpec; readonly target: Target },
): Readonly<Record<string, unknown>> {
  const { composite } = observed;
  const { spec, target } = claim;
  return {
    ...progress(phase, facts),
    observed: takenIn(spec),
    ...machines(spec, facts, composite),
    profiles: spec.profiles.map(({ name, version }) => `${name}@${version}`).join(', '),
    ...(spec.overrides === undefined
      ? {}
      : {
          overrides: spec.overrides.map(({ kind, nodePool }) => [kind, nodePool].join(' ').trim()),
        }),
    phases: history(phase, facts, observed),
    ...(hasReached(phase, 'InstallingAgent')
      ? {
          kubeconfigSecretRef: {
            name: accessTo(spec, target),
            namespace: target.namespace,
          },
        }
      : {}),
    ...reportedByAgent(facts),
    ...unmanaged(facts, composite),
  };
}

/** Cluster API on this side made no kubeconfig for a cluster that was adopted. */
function accessTo({ adoptFrom, agent }: ManagedClusterSpec, { name }: Target): string {
  const given = adoptFrom === undefined ? undefined : agent.kubeconfigSecretRef;
  return given?.name ?? kubeconfigSecretOf(name).name;
}

/**
 * statusAsItWas returns the status for a refused claim: the current progress, and all other fields as
 * they were when a claim was last accepted. Fields that Crossplane writes are omitted.
 */
export function statusAsItWas(
  phase: Phase,
  facts: Facts,
  { composite }: Observed,
): Readonly<Record<string, unknown>> {
  const {
    conditions: _conditions,
    claimConditionTypes: _types,
    connectionDetails: _details,
    released: _released,
    ...rest
  } = statusOf(composite);
  return { ...rest, ...progress(phase, facts) };
}

/** released and committed must not be lost: nothing else proves these one-way transitions. */
function progress(phase: Phase, facts: Facts): Readonly<Record<string, unknown>> {
  return {
    phase,
    owner: ownerOf(facts),
    epoch: facts.epoch,
    ...(facts.released ? { released: true } : {}),
    ...(facts.committed ? { committed: true } : {}),
  };
}

function keep(composite: Observed['composite'], field: string): Readonly<Record<string, unknown>> {
  const value = statusOf(composite)[field];
  return value === undefined ? {} : { [field]: value };
}

function ownerOf(facts: Facts): 'Management' | 'Moving' | 'Workload' {
  const { committed, moving, adopting, forgotten } = facts;
  if (committed || adopting || forgotten) return 'Workload';
  return moving ? 'Moving' : 'Management';
}

/** Not the generation: Crossplane writes to spec itself, so the generation has increased when this is read. */
function takenIn({
  kubernetes,
  controlPlane,
}: ManagedClusterSpec): ManagedClusterStatus['observed'] {
  return { version: kubernetes.version, controlPlaneReplicas: controlPlane.replicas };
}

/**
 * Until the agent reports, the control plane is taken from the Cluster API objects on this side, and
 * after their release from the last status.
 */
function machines(
  spec: ManagedClusterSpec,
  facts: Facts,
  composite: Observed['composite'],
): Readonly<Record<string, unknown>> {
  const report = recordIn(facts.plan, 'status');
  const source =
    recordIn(report, 'controlPlane') ??
    recordIn(facts.view.controlPlane, 'status') ??
    recordIn(statusOf(composite), 'controlPlane');
  const desired = spec.controlPlane.replicas;
  const ready = countOf(source?.['ready'] ?? source?.['readyReplicas']);
  return {
    controlPlane: { desired, ready, ...versionIn(source) },
    controlPlaneMachines: `${ready}/${desired}`,
    ...workers(spec, report?.['nodePools']),
  };
}

/**
 * The function reads no clock for this: a phase starts when the previous one ends, and ends at the
 * transition time that Crossplane set on its condition.
 */
function history(phase: Phase, facts: Facts, { composite }: Observed): readonly unknown[] {
  const reached = PHASE_NAMES.filter((name) => hasReached(phase, name));
  const ends = reached.map((name) => endOf(name, composite));
  return reached.map((name, index) => {
    const startTime = index === 0 ? composite.metadata.creationTimestamp : ends[index - 1];
    const endTime = name === phase ? undefined : ends[index];
    const message = name === phase ? messageIn(phase, facts) : undefined;
    return {
      name,
      ...(startTime === undefined ? {} : { startTime }),
      ...(endTime === undefined ? {} : { endTime }),
      ...(message === undefined ? {} : { message: cutText(message, LONGEST_PHASE) }),
    };
  });
}

function endOf(phase: Phase, composite: Observed['composite']): string | undefined {
  const condition = ownCondition(composite, END_OF[phase]);
  return condition?.status === 'True' ? condition.lastTransitionTime : undefined;
}

function messageIn(phase: Phase, facts: Facts): string | undefined {
  const { waitsAtG1, waitsAtG2, view, pivot } = facts;
  if (phase === 'Pivoting') return conditionOf(pivot, 'Ready')?.message;
  const unmet = phase === 'Provisioning' ? waitsAtG1 : waitsAtG2;
  return unmet === undefined ? undefined : `Waiting for ${unmet.waitingFor(view)}`;
}

function unmanaged(
  { pivot }: Facts,
  composite: Observed['composite'],
): Readonly<Record<string, unknown>> {
  const seconds = recordIn(pivot, 'status')?.['unmanagedSeconds'];
  return seconds === undefined
    ? keep(composite, 'unmanagedSeconds')
    : { unmanagedSeconds: seconds };
}
