import { firstControlPlane } from '../../capi/expansion.ts';
import type { ClusterInput } from '../../capi/cloud.ts';
import { isFresh, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { Understood } from './claim.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER,
  CLUSTER_PLAN,
  CONTROL_PLANE,
  INFRASTRUCTURE_CLUSTER,
  isClusterApi,
  isOurs,
  isTemplate,
  PIVOT,
  templateName,
} from './composed-names.ts';
import type { Facts } from './facts.ts';
import { held } from './hold.ts';
import type { Observed, Target } from './observed.ts';
import { hasReached, type Phase } from './phase.ts';
import { agentInstallation, clusterPlan, pivot } from './plan.ts';

/** Desired maps composition resource names to objects. Crossplane deletes every object that is missing here. */
export type Desired = Readonly<Record<string, KubeObject>>;

/**
 * heldAsObserved returns the observed objects as the desired state, for a claim that is refused: nothing
 * is deleted and nothing is created. After the commit the Cluster API objects are no longer ours.
 */
export function heldAsObserved({ composite, composed }: Observed): Desired {
  const objects = heldObjects(Object.entries(composed).filter(([name]) => isOurs(name)));
  const installation = objects[AGENT_INSTALLATION];
  if (installation === undefined) return objects;
  return { ...objects, [AGENT_INSTALLATION]: revokedAsWanted(installation, composite) };
}

/** A cluster that was compromised is cut off at once, whatever else is wrong with its claim. */
function revokedAsWanted(installation: KubeObject, composite: KubeObject): KubeObject {
  const wanted = recordIn(recordIn(composite, 'spec'), 'agent')?.['revoked'] === true;
  const { revoked: _before, ...spec } = recordIn(installation, 'spec') ?? {};
  return { ...installation, spec: { ...spec, ...(wanted ? { revoked: true } : {}) } };
}

function heldObjects(objects: readonly (readonly [string, KubeObject])[]): Desired {
  return Object.fromEntries(objects.map(([name, object]) => [name, held(object)]));
}

/**
 * desiredIn returns the desired objects of a phase. Each phase adds objects, until the commit releases
 * the Cluster API objects; those that are still ours after the commit are kept (see Facts.unreleased).
 */
export function desiredIn(
  phase: Phase,
  { input, layers }: Understood,
  facts: Facts,
  observed: Observed,
): Desired {
  const { name, namespace, spec, authorizedKeys } = input;
  const target: Target = { name, namespace };
  const started = hasReached(phase, 'InstallingAgent') && !facts.adopting;
  return {
    ...clusterApiObjects(input, facts, observed),
    ...(started
      ? {
          [CLUSTER_PLAN]: clusterPlan(target, spec, {
            layers,
            epoch: facts.epoch,
            authorizedKeys,
            handedOver: facts.committed,
          }),
          [AGENT_INSTALLATION]: agentInstallation(target, spec),
        }
      : {}),
    ...(hasReached(phase, 'Pivoting') ? { [PIVOT]: pivot(target, spec) } : {}),
  };
}

function clusterApiObjects(input: ClusterInput, facts: Facts, observed: Observed): Desired {
  const there = Object.entries(observed.composed).filter(([name]) => isClusterApi(name));
  // Moving: a change of the claim must not change the objects during the copy. The plan has the change.
  if (facts.committed || facts.moving || facts.adopting) {
    return heldObjects(there);
  }
  const {
    cluster,
    infrastructureCluster,
    controlPlane,
    controlPlaneMachineTemplate,
    templateHash,
  } = firstControlPlane(input);
  const newest = templateName(templateHash);
  return {
    ...templatesInUse(observed, newest),
    [CLUSTER]: cluster,
    [INFRASTRUCTURE_CLUSTER]: infrastructureCluster,
    [CONTROL_PLANE]: controlPlane,
    [newest]: controlPlaneMachineTemplate,
  };
}

/** Templates are immutable; an old one is kept until no Machine uses it. */
function templatesInUse({ composed }: Observed, newest: string): Desired {
  const controlPlane = composed[CONTROL_PLANE];
  const templates = Object.entries(composed).filter(
    ([name]) => isTemplate(name) && name !== newest,
  );
  const inUse = templateOfAll(controlPlane);
  return heldObjects(
    templates.filter(([, { metadata }]) => inUse === undefined || metadata.name === inUse),
  );
}

/** templateOfAll returns the template of all Machines; undefined while that is not certain. */
function templateOfAll(controlPlane: KubeObject | undefined): unknown {
  if (controlPlane === undefined || !isFresh(controlPlane)) return undefined;
  return isTrue(controlPlane, 'MachinesUpToDate') ? templateRef(controlPlane) : undefined;
}

function templateRef(controlPlane: KubeObject): unknown {
  const template = recordIn(recordIn(controlPlane, 'spec'), 'machineTemplate');
  return recordIn(recordIn(template, 'spec'), 'infrastructureRef')?.['name'];
}

/**
 * isReady reports whether a composed resource is ready, for `crossplane beta trace` and the readiness
 * that Crossplane shows. Crossplane itself does not infer readiness (facts/crossplane.md 3).
 */
export function isReady(name: string, object: KubeObject | undefined): boolean {
  if (object === undefined) return false;
  if (isTemplate(name)) return true;
  if (name === INFRASTRUCTURE_CLUSTER) {
    const status = recordIn(object, 'status');
    return (
      recordIn(status, 'initialization')?.['provisioned'] === true || status?.['ready'] === true
    );
  }
  if (name === CLUSTER_PLAN) return true;
  return isTrue(object, name === CLUSTER || name === CONTROL_PLANE ? 'Available' : 'Ready');
}
