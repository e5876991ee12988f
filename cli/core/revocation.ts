import { AGENTS_NAMESPACE, type IdentityRef } from '../../lib/apis/agent.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { isRecord, type KubeObject, recordIn } from '../../lib/core/object.ts';
import { resourceOf } from './finding.ts';
import {
  type IdentityLook,
  type LabelLook,
  objectIn,
  saysRevoked,
  type Standing,
} from './standing.ts';

/** Progress is how far something has come: what is reached, and what is not. Done if nothing is open. */
export interface Progress {
  readonly reached: readonly string[];
  readonly open: readonly string[];
}

/** The part of an AgentInstallation that makes and removes the identity. */
const PART = 'Identity';

/**
 * revocationProgress judges by what the management side has, not by what was asked for: the cluster is cut off when no
 * object of the identity of its agent exists, and nothing creates it again.
 */
export function revocationProgress(standing: Standing): Progress {
  return progressOf([
    headStep(standing, true),
    ...passedOn(standing, true),
    ...identityGone(standing),
  ]);
}

/** restorationProgress judges by the Lease and by what the claim reports, so that a state of before does not count. */
export function restorationProgress(standing: Standing): Progress {
  return progressOf([
    headStep(standing, false),
    ...passedOn(standing, false),
    ...newIdentity(standing),
    connected(standing),
  ]);
}

/** isGone reports whether an object of the identity is known not to exist; one of somebody else has only its name. */
export function isGone({ look }: IdentityLook): boolean {
  return look.kind === 'Gone' || look.kind === 'Foreign';
}

/** refText is the name of an object in sentences. */
export function refText({ kind, namespace, name }: Omit<IdentityRef, 'apiVersion'>): string {
  return `${kind} ${namespace}/${name}`;
}

type Step = { readonly reached: string } | { readonly open: string };

function progressOf(steps: readonly Step[]): Progress {
  return {
    reached: steps.flatMap((step) => ('reached' in step ? [step.reached] : [])),
    open: steps.flatMap((step) => ('open' in step ? [step.open] : [])),
  };
}

function stepOf(holds: boolean, reached: string, open: string): Step {
  return holds ? { reached } : { open };
}

function headStep({ subject, head }: Standing, wanted: boolean): Step {
  const resource = resourceOf({ subject });
  const field = `spec.agent.revoked of ${resource}`;
  switch (head.kind) {
    case 'There': {
      const holds = saysRevoked(head.object) === wanted;
      return stepOf(holds, `${field} is ${wanted}`, `${field} is not ${wanted}`);
    }
    case 'Gone':
    case 'Foreign':
      return { open: `${resource} was deleted meanwhile` };
    case 'Unread':
      return { open: `${field}: ${head.why}` };
  }
}

/**
 * What Crossplane passes on, from the claim to the composite and from there to the AgentInstallation. A revoked
 * AgentInstallation is enough: Crossplane leaves the field alone if somebody else has set it.
 */
function passedOn(standing: Standing, wanted: boolean): readonly Step[] {
  const first = compositeStep(standing, wanted);
  const made = objectIn(standing.installation);
  if (made === undefined) return [...first, ...unmade(standing, wanted)];
  const last = passedTo(made, wanted);
  const enough = wanted && 'reached' in last;
  return [...(enough ? first.filter((step) => 'reached' in step) : first), last];
}

/** A composite that cannot be read may still ask for a connected agent. A restoration is seen by the Lease instead. */
function compositeStep({ composite }: Standing, wanted: boolean): readonly Step[] {
  if (composite?.kind === 'There') return [passedTo(composite.object, wanted)];
  if (composite?.kind !== 'Unread' || !wanted) return [];
  return [{ open: `the composite of the claim: ${composite.why}` }];
}

function passedTo(object: KubeObject, wanted: boolean): Step {
  const { kind, metadata } = object;
  const name = [metadata.namespace, metadata.name].filter(Boolean).join('/');
  const holds = saysRevoked(object) === wanted;
  const effect = wanted ? '; as long as it is not, the provider creates the identity again' : '';
  return stepOf(
    holds,
    `${kind} ${name} is ${wanted ? 'revoked' : 'not revoked'}`,
    `${kind} ${name} is ${wanted ? 'not revoked yet' : 'still revoked'}${effect}`,
  );
}

/**
 * Without an AgentInstallation nothing makes an identity. One that cannot be read could, unless nothing is left that it
 * belongs to: then Kubernetes removes it too.
 */
function unmade(standing: Standing, wanted: boolean): readonly Step[] {
  const { installation, subject, identity } = standing;
  if (installation.kind !== 'Unread') return [];
  const harmless = wanted ? isNothingLeft(standing) : identity !== undefined;
  if (harmless) return [];
  const { namespace, name } = subject;
  return [{ open: `AgentInstallation ${namespace}/${name}: ${installation.why}` }];
}

function isNothingLeft({ composite, identity }: Standing): boolean {
  if (composite?.kind !== 'Gone' || identity === undefined) return false;
  return identity.every(({ look }) => look.kind === 'Gone');
}

function identityGone({ installation, identity, labelled = [] }: Standing): readonly Step[] {
  if (identity === undefined) return labelled.flatMap(labelSteps);
  const removed = saysRemoved(objectIn(installation));
  const said: readonly Step[] = removed
    ? [{ reached: 'the provider reports AgentRevoked: it has removed the identity of the agent' }]
    : [];
  const steps = identity.flatMap((one) => goneStep(one, removed));
  return [...steps, ...said];
}

function labelSteps(look: LabelLook): readonly Step[] {
  const { kind } = look;
  if ('why' in look) {
    return [
      {
        open: `${kind} of the agent: its name is not known, and they cannot be listed: ${look.why}`,
      },
    ];
  }
  if (look.names.length === 0) {
    return [{ reached: `no ${kind} in ${AGENTS_NAMESPACE} has the labels of this cluster` }];
  }
  return look.names.map((name) => {
    const text = refText({ kind, namespace: AGENTS_NAMESPACE, name });
    return { open: `${text} exists, and has the labels of this cluster` };
  });
}

function goneStep({ ref, look }: IdentityLook, removed: boolean): readonly Step[] {
  const name = refText(ref);
  switch (look.kind) {
    case 'Gone':
      return [{ reached: `${name} does not exist` }];
    case 'Foreign':
      return [{ reached: `${name} was not made for this cluster, and is left alone` }];
    case 'There':
      return [{ open: `${name} exists` }];
    case 'Unread':
      return removed ? [] : [{ open: `${name}: ${look.why}` }];
  }
}

/** The report of the provider on the present spec; an older one is from before this revocation. */
function saysRemoved(installation: KubeObject | undefined): boolean {
  if (installation === undefined || !saysRevoked(installation)) return false;
  return isReported(installation) && identityPart(installation)?.['reason'] === 'AgentRevoked';
}

function isReported(installation: KubeObject): boolean {
  const { observedGeneration } = conditionOf(installation, 'Ready') ?? {};
  return observedGeneration === installation.metadata.generation;
}

function identityPart(installation: KubeObject): Readonly<Record<string, unknown>> | undefined {
  const parts = recordIn(installation, 'status')?.['parts'];
  return Array.isArray(parts)
    ? parts.filter(isRecord).find(({ name }) => name === PART)
    : undefined;
}

/** The provider makes the Lease without a time, so a time is from the agent with its new token. */
function newIdentity({ identity = [], installation }: Standing): readonly Step[] {
  const account = identity.find(({ ref }) => ref.kind === 'ServiceAccount');
  const lease = identity.find(({ ref }) => ref.kind === 'Lease');
  const made = objectIn(installation);
  return [
    ...(account === undefined ? [] : existStep(account)),
    ...(lease === undefined ? [] : renewStep(lease)),
    ...(made === undefined || (isReported(made) && identityPart(made)?.['ready'] === true)
      ? []
      : [{ open: 'the provider has not reported that the agent has an identity' }]),
  ];
}

function existStep({ ref, look }: IdentityLook): readonly Step[] {
  if (look.kind === 'Unread') return [];
  const name = refText(ref);
  if (look.kind === 'Foreign') return [{ open: `${name} was not made for this cluster` }];
  return [stepOf(look.kind === 'There', `${name} exists`, `${name} does not exist yet`)];
}

function renewStep({ ref, look }: IdentityLook): readonly Step[] {
  if (look.kind === 'Unread') return [];
  const renewed = recordIn(objectIn(look), 'spec')?.['renewTime'] !== undefined;
  const name = refText(ref);
  return [stepOf(renewed, `the agent renews ${name}`, `the agent has not renewed ${name} yet`)];
}

function connected({ subject, head }: Standing): Step {
  const condition = conditionOf(objectIn(head), 'AgentConnected');
  const { status = 'Unknown', reason = 'not reported' } = condition ?? {};
  const of = `AgentConnected of ${resourceOf({ subject })}`;
  return stepOf(status === 'True', `${of} is True`, `${of} is ${status} (${reason})`);
}
