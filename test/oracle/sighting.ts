import { spanOf, type AuditEvent, type Side, type Span } from './audit-event.ts';

/** Sighting is the state of a Cluster or Machine at one resourceVersion, as a server answered it. */
export interface Sighting {
  readonly side: Side;
  readonly kind: 'Cluster' | 'Machine';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Exact order of the states on one side; 0 where the answer tells none. */
  readonly version: number;
  readonly span: Span;
  /** Whether the request was a write, so that the state began within the span. */
  readonly isWrite: boolean;
  /** Whether the request made the object. */
  readonly isCreate: boolean;
  /** Whether the object no longer exists after the request. */
  readonly gone: boolean;
  readonly actor: string;
  readonly state: State;
}

/** State is what the oracle looks at of a Cluster or Machine. */
export interface State {
  /** Name of the Cluster that it belongs to. */
  readonly cluster: string;
  readonly paused: boolean;
  /** Absent where nobody has ever written it. */
  readonly owner?: string;
  readonly epoch?: number;
  readonly providerID?: string;
  readonly sourceUid?: string;
  /** Whether it has been asked to go. */
  readonly deleting: boolean;
}

interface RawObject {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  readonly spec?: {
    readonly paused?: boolean;
    readonly clusterName?: string;
    readonly providerID?: string;
  };
  /** Of a Status. */
  readonly details?: { readonly uid?: string };
  /** Of a list. */
  readonly items?: readonly RawObject[];
}

const KINDS: Readonly<Record<string, Sighting['kind']>> = {
  clusters: 'Cluster',
  machines: 'Machine',
};

const CORE = 'cluster.x-k8s.io';
const PREFIX = 'managedcluster.io';
const READS = ['get', 'list', 'watch'];
const CREATED = 201;

/** isDone says whether a request was answered well and was more than a try. */
export function isDone({ stage, responseStatus, requestURI }: AuditEvent): boolean {
  const code = responseStatus?.code ?? 0;
  const isReal = !/[?&]dryRun=/.test(requestURI);
  return stage === 'ResponseComplete' && code >= 200 && code < 300 && isReal;
}

/** actorOf is the user who asked. */
export function actorOf({ user, impersonatedUser }: AuditEvent): string {
  return impersonatedUser?.username ?? user.username;
}

/** sightingsOf are the states of Clusters and Machines that an event tells of. */
export function sightingsOf(event: AuditEvent, side: Side): readonly Sighting[] {
  const { objectRef, responseObject } = event;
  const kind = objectRef?.apiGroup === CORE ? KINDS[objectRef.resource ?? ''] : undefined;
  if (kind === undefined || !isDone(event)) return [];
  const answer = (responseObject ?? {}) as RawObject;
  const objects = answer.items ?? [answer];
  return objects.flatMap((object) => sighting(event, { side, kind, object }));
}

interface Subject {
  readonly side: Side;
  readonly kind: Sighting['kind'];
  readonly object: RawObject;
}

function sighting(event: AuditEvent, { side, kind, object }: Subject): readonly Sighting[] {
  const isStatus = object.metadata?.uid === undefined;
  const identity = isStatus ? identityOfEnded(event, object) : identityOf(object);
  if (identity === undefined) return [];
  const span = spanOf(event);
  const state = stateOf(kind, object, identity.name);
  return [
    { side, kind, ...identity, span, actor: actorOf(event), state, ...change(event, object) },
  ];
}

type Identity = Pick<Sighting, 'namespace' | 'name' | 'uid' | 'version'>;

function identityOf({ metadata = {} }: RawObject): Identity {
  const { namespace = '', name = '', uid = '', resourceVersion } = metadata;
  return { namespace, name, uid, version: Number(resourceVersion) };
}

/** The answer to a deletion at once is a Status, which names the object at most by its uid. */
function identityOfEnded(
  { verb, objectRef = {} }: AuditEvent,
  { details }: RawObject,
): Identity | undefined {
  const { namespace = '', name = '' } = objectRef;
  const uid = details?.uid ?? objectRef.uid;
  return verb === 'delete' && uid !== undefined ? { namespace, name, uid, version: 0 } : undefined;
}

function change(
  { verb, responseStatus }: AuditEvent,
  { metadata }: RawObject,
): Pick<Sighting, 'isWrite' | 'isCreate' | 'gone'> {
  const isWrite = !READS.includes(verb);
  return {
    isWrite,
    isCreate: isWrite && responseStatus?.code === CREATED,
    gone: isWrite && (metadata?.uid === undefined || hasEnded(verb, metadata)),
  };
}

/** An object vanishes with the last finalizer once its deletion was asked for, or at once without one. */
function hasEnded(verb: string, metadata: NonNullable<RawObject['metadata']>): boolean {
  const isHeld = (metadata.finalizers ?? []).length > 0;
  const isDelete = verb === 'delete' || verb === 'deletecollection';
  return !isHeld && (isDelete || metadata.deletionTimestamp !== undefined);
}

function stateOf(kind: Sighting['kind'], object: RawObject, name: string): State {
  const { metadata = {}, spec = {} } = object;
  const annotations = metadata.annotations ?? {};
  const owner = annotations[`${PREFIX}/owner`];
  const epoch = annotations[`${PREFIX}/epoch`];
  const sourceUid = annotations[`${PREFIX}/source-uid`];
  return {
    cluster: kind === 'Cluster' ? name : (spec.clusterName ?? ''),
    paused: spec.paused === true,
    deleting: metadata.deletionTimestamp !== undefined,
    ...(owner !== undefined && { owner }),
    ...(epoch !== undefined && { epoch: Number(epoch) }),
    ...(spec.providerID !== undefined && { providerID: spec.providerID }),
    ...(sourceUid !== undefined && { sourceUid }),
  };
}

/** ListedObject is a Cluster or Machine as a list or a watch shows it. */
export type ListedObject = RawObject;

/**
 * sightingOf is the state of an object that somebody has seen himself, beside the audit log: `span` ends
 * when he saw it. Undefined for other kinds. `gone` says that he was told of its end.
 */
export function sightingOf(
  side: Side,
  object: ListedObject,
  { span, gone }: { readonly span: Span; readonly gone: boolean },
): Sighting | undefined {
  const { kind, metadata = {} } = object;
  if (kind !== 'Cluster' && kind !== 'Machine') return undefined;
  const { name = '', namespace = '', uid = '', resourceVersion } = metadata;
  const version = Number(resourceVersion);
  const shown = { side, kind, namespace, name, uid, version, span, gone } as const;
  const none = { isWrite: false, isCreate: false, actor: 'the observer' } as const;
  return { ...shown, ...none, state: stateOf(kind, object, name) };
}
