import { AGENTS_NAMESPACE, identityRefs } from '../../lib/apis/agent.ts';
import { agentClusterOf } from '../../lib/apis/composed.ts';
import {
  AGENT_INSTALLATION,
  MANAGED_CLUSTER_CLAIM,
  NAMESPACED_MANAGED_CLUSTER,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import type { Subject } from '../core/snapshot.ts';
import {
  agentLabels,
  type CompositeRef,
  type Expected,
  expectedIdentity,
  type IdentityLook,
  isComposedFor,
  isStamped,
  type LabelLook,
  type Look,
  objectIn,
  type Standing,
} from '../core/standing.ts';
import { whyOf } from '../observe/reader.ts';
import type { Found } from '../observe/subject.ts';

/** Target is the ManagedCluster that was found first, on its API server. */
export interface Target {
  readonly api: KubeApi;
  readonly kubectl: string;
  readonly subject: Subject;
  /** The claim or namespaced composite as it was found. */
  readonly head: KubeObject | undefined;
  /** The composite as it was found: it may not be readable for a moment later. */
  readonly behind: CompositeRef | undefined;
}

/**
 * readStanding reads everything between the claim and the identity of the agent. It never fails: an API server that is
 * away for a moment must not end a revocation.
 */
export async function readStanding(target: Target): Promise<Standing> {
  const { api, subject, kubectl } = target;
  const { namespace, name } = subject;
  const [head, found] = await Promise.all([
    lookAt(api, headRef(subject), ({ metadata }) => metadata.uid === target.head?.metadata.uid),
    lookAt(api, { ...AGENT_INSTALLATION, namespace, name }),
  ]);
  const behind = await compositeOf(target, head);
  const installation = foreignUnless(found, (object) => isComposedFor(object, behind.ref));
  const expected = identityOf(subject, behind.ref, installation);
  return {
    subject,
    kubectl,
    head,
    ...(subject.flavour === 'claim' ? { composite: behind.look } : {}),
    installation,
    ...(expected === undefined
      ? { labelled: await labelledLooks(api, subject) }
      : { identity: await Promise.all(expected.map((one) => identityLook(api, one))) }),
  };
}

/** The claim or the namespaced composite. */
function headRef({ flavour, namespace, name }: Subject): ObjectRef {
  const type = flavour === 'claim' ? MANAGED_CLUSTER_CLAIM : NAMESPACED_MANAGED_CLUSTER;
  return { ...type, namespace, name };
}

async function lookAt(
  api: KubeApi,
  ref: ObjectRef,
  isMeant: (object: KubeObject) => boolean = () => true,
): Promise<Look> {
  try {
    const object = await api.get(ref);
    if (object === undefined) return { kind: 'Gone' };
    return foreignUnless({ kind: 'There', object }, isMeant);
  } catch (error) {
    return { kind: 'Unread', why: whyOf(error) };
  }
}

function foreignUnless(look: Look, isMeant: (object: KubeObject) => boolean): Look {
  return look.kind !== 'There' || isMeant(look.object) ? look : { kind: 'Foreign' };
}

interface Behind {
  readonly look: Look;
  readonly ref: CompositeRef;
}

/** refOfComposite returns the reference to the composite of what was found; undefined if it has none yet. */
export function refOfComposite({ subject, claim, composite }: Found): CompositeRef | undefined {
  const name = subject.flavour === 'composite' ? subject.name : behindClaim(claim);
  const { uid } = composite?.metadata ?? {};
  return name === undefined ? undefined : { name, ...(uid === undefined ? {} : { uid }) };
}

/** Name of the composite behind a claim. */
function behindClaim(claim: KubeObject | undefined): string | undefined {
  const name = recordIn(recordIn(claim, 'spec'), 'resourceRef')?.['name'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

async function compositeOf({ api, subject, behind }: Target, head: Look): Promise<Behind> {
  if (subject.flavour === 'composite') return behindOf(head, subject.name, behind);
  const claim = objectIn(head);
  const name = behindClaim(claim) ?? behind?.name;
  if (name === undefined) {
    return { look: claim === undefined ? head : { kind: 'Gone' }, ref: { name: '' } };
  }
  return behindOf(await lookAt(api, { ...X_MANAGED_CLUSTER, name }), name, behind);
}

function behindOf(look: Look, name: string, before: CompositeRef | undefined): Behind {
  const known = before?.name === name ? before.uid : undefined;
  const uid = objectIn(look)?.metadata.uid ?? known;
  return { look, ref: { name, ...(uid === undefined ? {} : { uid }) } };
}

/** Undefined if nothing tells the uid that it was made for: that the composite is gone does not mean that it is. */
function identityOf(
  { namespace, name }: Subject,
  { uid }: CompositeRef,
  installation: Look,
): readonly Expected[] | undefined {
  const made = objectIn(installation);
  if (made !== undefined) return expectedIdentity(agentClusterOf(made, clusterIn(made) ?? name));
  return uid === undefined ? undefined : expectedIdentity({ namespace, name, composite: uid });
}

function clusterIn(installation: KubeObject): string | undefined {
  const name = recordIn(installation, 'spec')?.['clusterName'];
  return typeof name === 'string' ? name : undefined;
}

/** In the namespace of all agents only: nobody but the provider writes there. */
async function labelledLooks(api: KubeApi, subject: Subject): Promise<readonly LabelLook[]> {
  const { namespace, name } = subject;
  const kinds = identityRefs({ namespace, name }).filter(
    (ref) => ref.namespace === AGENTS_NAMESPACE,
  );
  const options = { labelSelector: agentLabels(subject) };
  return Promise.all(
    kinds.map(async ({ apiVersion, kind }): Promise<LabelLook> => {
      try {
        const type = { apiVersion, kind, namespace: AGENTS_NAMESPACE };
        const { items } = await api.list(type, options);
        return { kind, names: items.map(({ metadata }) => metadata.name ?? '') };
      } catch (error) {
        return { kind, why: whyOf(error) };
      }
    }),
  );
}

async function identityLook(api: KubeApi, { ref, stamp }: Expected): Promise<IdentityLook> {
  return { ref, look: await lookAt(api, ref, (object) => isStamped(object, stamp)) };
}
