import type { clouds } from '../../capi/clouds/index.ts';
import { firstControlPlane } from '../../capi/expansion.ts';
import { aClaimSpec } from '../../capi/testing/clusters.ts';
import * as kinds from '../../lib/apis/kinds.ts';
import { type JsonObject, type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { parse } from '../core/claim.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER,
  CLUSTER_PLAN,
  CONTROL_PLANE,
  INFRASTRUCTURE_CLUSTER,
  PIVOT,
  templateName,
} from '../core/composed-names.ts';
import type { Decision } from '../core/decide.ts';
import type { Observed } from '../core/observed.ts';
import type { Phase } from '../core/phase.ts';
import { MACHINES, NAMESAKE } from '../core/requirements.ts';
import {
  aMachine,
  anOperationalCluster,
  anOperationalControlPlane,
  CREATED,
  patched,
  reporting,
} from './objects.ts';

/** Scene is the input of a call of the function; every method returns a new scene. */
export interface Scene {
  readonly observed: Observed;
  /** A merge patch on the composite. */
  composite(patch: JsonObject): Scene;
  /** A merge patch on the spec of the composite. */
  spec(patch: JsonObject): Scene;
  /** A merge patch on the status of the composite. */
  status(patch: JsonObject): Scene;
  /** Changes a composed object; throws if it does not exist. */
  change(name: string, change: (object: KubeObject) => KubeObject): Scene;
  /** Adds or replaces a composed object. */
  with(name: string, object: KubeObject): Scene;
  /** Removes composed objects, as a release or a deletion does. */
  without(...names: readonly string[]): Scene;
  /** Sets the objects for a requirement. */
  answer(key: string, ...objects: readonly KubeObject[]): Scene;
  /** The same scene at another time. */
  at(time: string): Scene;
}

/** uid of the composite in every scene. */
export const COMPOSITE_UID = '00000000-0000-4000-8000-000000000001';

/**
 * aScene returns a namespaced composite `team-a/demo` in a phase: all objects that the phase composes exist,
 * and nothing that the phase waits for has happened. `New` is before the first call.
 */
export function aScene(stage: Phase | 'New' = 'New', cloud: keyof typeof clouds = 'docker'): Scene {
  const composite = {
    ...kinds.NAMESPACED_MANAGED_CLUSTER,
    metadata: {
      name: 'demo',
      namespace: 'team-a',
      uid: COMPOSITE_UID,
      generation: 1,
      creationTimestamp: CREATED,
    },
    spec: aClaimSpec(cloud),
  };
  const empty = sceneOf({
    composite,
    composed: {},
    required: { [NAMESAKE]: [] },
    seenAt: Date.parse(CREATED),
  });
  if (stage === 'New') return empty;
  const begun = sceneOf({ ...empty.observed, composed: firstObjects(composite) });
  const told = begun.status({ phase: stage });
  if (stage === 'Provisioning') return told;
  const operational = told
    .change(CLUSTER, (cluster) => anOperationalCluster(cluster))
    .change(CONTROL_PLANE, (controlPlane) => anOperationalControlPlane(controlPlane))
    .change(INFRASTRUCTURE_CLUSTER, (infrastructure) =>
      reporting(infrastructure, { Ready: 'True' }),
    )
    .with(CLUSTER_PLAN, own(kinds.CLUSTER_PLAN, { epoch: 1, layers: [] }))
    .with(AGENT_INSTALLATION, own(kinds.AGENT_INSTALLATION, {}));
  if (stage === 'InstallingAgent') return operational;
  const ready = operational
    .change(AGENT_INSTALLATION, (agent) => reporting(agent, { Ready: 'True' }))
    .answer(MACHINES, aMachine())
    .with(PIVOT, own(kinds.PIVOT, { direction: 'ToWorkload' }));
  if (stage === 'Pivoting') return ready;
  const { composed } = ready.observed;
  const moved = Object.keys(composed).filter((name) => isMoved(name));
  return ready
    .without(...moved)
    .status({ released: true, committed: true, epoch: 3 })
    .change(PIVOT, (pivot) => reporting(pivot, { Released: 'True', Committed: 'True' }));
}

function sceneOf(observed: Observed): Scene {
  const { composite, composed, required } = observed;
  return {
    observed,
    composite: (patch) => sceneOf({ ...observed, composite: patched(composite, patch) }),
    spec: (spec) => sceneOf({ ...observed, composite: patched(composite, { spec }) }),
    status: (status) => sceneOf({ ...observed, composite: patched(composite, { status }) }),
    change: (name, change) => {
      const object = composed[name];
      if (object === undefined) throw new Error(`cannot change ${name}: the scene has none`);
      return sceneOf({ ...observed, composed: { ...composed, [name]: change(object) } });
    },
    with: (name, object) => sceneOf({ ...observed, composed: { ...composed, [name]: object } }),
    without: (...names) => {
      const kept = Object.entries(composed).filter(([name]) => !names.includes(name));
      return sceneOf({ ...observed, composed: Object.fromEntries(kept) });
    },
    answer: (key, ...objects) =>
      sceneOf({ ...observed, required: { ...required, [key]: objects } }),
    at: (time) => sceneOf({ ...observed, seenAt: Date.parse(time) }),
  };
}

function isMoved(name: string): boolean {
  return ![CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT].includes(name);
}

/** The objects on the API server after the first call, before any controller has reconciled them. */
function firstObjects(composite: KubeObject): Observed['composed'] {
  const parsed = parse(composite);
  if (parsed.kind === 'Misshapen') throw new Error('cannot expand the claim of the scene');
  const { spec, target } = parsed;
  const first = firstControlPlane({ ...target, spec, authorizedKeys: [] });
  return {
    [CLUSTER]: created(first.cluster),
    [INFRASTRUCTURE_CLUSTER]: created(first.infrastructureCluster),
    [CONTROL_PLANE]: created(first.controlPlane),
    [templateName(first.templateHash)]: created(first.controlPlaneMachineTemplate),
  };
}

function created(object: KubeObject): KubeObject {
  return patched(object, { metadata: { uid: 'u', generation: 1 } });
}

function own(kind: { readonly apiVersion: string; readonly kind: string }, spec: JsonObject) {
  return { ...kind, metadata: { name: 'demo', namespace: 'team-a', generation: 1 }, spec };
}

/**
 * fedBack returns the scene after Crossplane has applied a decision: its objects exist (with fields of other
 * writers kept), and its conditions are in the status, new ones with the given time.
 */
export function fedBack({ observed }: Scene, decision: Decision, time = CREATED): Scene {
  const before = recordIn(observed.composite, 'status')?.['conditions'];
  const known: readonly unknown[] = Array.isArray(before) ? before : [];
  const conditions = decision.conditions.map((condition) => {
    const same = known.find(
      (one) =>
        isRecord(one) && one['type'] === condition.type && one['status'] === condition.status,
    );
    return { ...condition, lastTransitionTime: isRecord(same) ? same['lastTransitionTime'] : time };
  });
  const composed = Object.entries(decision.desired).map(([name, object]) => [
    name,
    merged(observed.composed[name], object),
  ]);
  return sceneOf({
    ...observed,
    composite: { ...observed.composite, status: { ...decision.status, conditions } },
    composed: Object.fromEntries(composed),
  });
}

function merged(there: KubeObject | undefined, wanted: KubeObject): KubeObject {
  const patch: JsonObject = JSON.parse(JSON.stringify(wanted));
  return there === undefined ? wanted : patched(there, patch);
}
