import type { KubeObject } from '../../lib/core/object.ts';
import { pathOf } from '../../test/fake/management-server.ts';
import {
  claim,
  composite,
  identityOf,
  installation,
  namespaced,
  reported,
  revokedIn,
  withConnection,
} from './revocation-scenes.ts';

type Objects = Map<string, KubeObject>;

const CLAIM = pathOf(claim(false));
const COMPOSITE = pathOf(composite(false));
const NAMESPACED = pathOf(namespaced(false));
const INSTALLATION = pathOf(installation(false));

/** crossplane passes on what a claim or a namespaced composite asks for. */
export function crossplane(objects: Objects): void {
  const head = objects.get(CLAIM);
  const behind = objects.get(COMPOSITE);
  if (head !== undefined && behind !== undefined) {
    objects.set(COMPOSITE, { ...behind, spec: { agent: { revoked: revokedIn(head) } } });
  }
  const made = objects.get(INSTALLATION);
  const wanted = revokedIn(objects.get(COMPOSITE) ?? objects.get(NAMESPACED));
  if (made !== undefined && isRevoked(made) !== wanted)
    objects.set(INSTALLATION, applied(made, wanted));
}

/** As in a server-side apply, a field that others have set as well is not removed. */
function applied(made: KubeObject, wanted: boolean): KubeObject {
  const { generation = 1, managedFields = [] } = made.metadata;
  if (!wanted && managedFields.length > 0) return made;
  const { revoked: _before, ...spec } = Object(made['spec']);
  return {
    ...made,
    metadata: { ...made.metadata, generation: generation + 1 },
    spec: { ...spec, ...(wanted ? { revoked: true } : {}) },
  };
}

/** provider removes and makes the identity, and the agent renews its Lease as soon as it has one. */
export function provider(objects: Objects): void {
  const made = objects.get(INSTALLATION);
  if (made === undefined) return;
  const revoked = isRevoked(made);
  for (const object of identityOf('after')) {
    const path = pathOf(object);
    if (revoked && isOurs(objects.get(path))) objects.delete(path);
    else if (!revoked && !objects.has(path)) objects.set(path, object);
  }
  objects.set(INSTALLATION, { ...made, status: reported(!revoked, made.metadata.generation) });
  const head = objects.get(CLAIM);
  if (head !== undefined) objects.set(CLAIM, withConnection(head, revoked ? 'False' : 'True'));
}

/** both run. */
export function both(objects: Objects): void {
  crossplane(objects);
  provider(objects);
}

function isRevoked(made: KubeObject): boolean {
  return Object(made['spec'])['revoked'] === true;
}

function isOurs(object: KubeObject | undefined): boolean {
  return Object.keys(object?.metadata.annotations ?? {}).length > 0;
}
