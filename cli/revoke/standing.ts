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
  type CompositeRef,
  compositeUidIn,
  type Expected,
  expectedIdentity,
  type IdentityLook,
  isComposedFor,
  isStamped,
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
  const expected = identityOf(subject, behind, installation);
  const identity = expected && (await Promise.all(expected.map((one) => identityLook(api, one))));
  return {
    subject,
    kubectl,
    head,
    ...(subject.flavour === 'claim' ? { composite: behind.look } : {}),
    installation,
    ...(identity === undefined ? {} : { identity }),
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

/** Without a composite nobody has made an identity. */
function identityOf(
  subject: Subject,
  { look, ref }: Behind,
  installation: Look,
): readonly Expected[] | undefined {
  const made = objectIn(installation);
  const uid = (made === undefined ? undefined : compositeUidIn(made)) ?? ref.uid;
  if (uid !== undefined) return expectedIdentity(subject, uid);
  return look.kind === 'Gone' ? [] : undefined;
}

async function identityLook(api: KubeApi, { ref, stamp }: Expected): Promise<IdentityLook> {
  return { ref, look: await lookAt(api, ref, (object) => isStamped(object, stamp)) };
}
