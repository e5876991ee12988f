import type { KubeObject } from '../../../lib/core/object.ts';
import { valueAt } from './fields.ts';
import { isMachine, type KindRule } from './kinds.ts';
import { providerIdOf } from './pinned.ts';
import type { HandoverRecord } from './record.ts';

/** LONGEST_ID is the maximum length of a providerID, in characters (CAPI v1.14 api/core/v1beta2 MachineSpec). */
export const LONGEST_ID = 512;

/** Number of machines that a record keeps. */
const MOST = 5000;

/**
 * identityIn returns by what a cloud finds a machine: the end of its providerID, without upper case. CAPA reads only
 * the instance ID at the end and not the zone, and vCenter compares a BIOS UUID without regard to case, so the same
 * machine has many providerIDs. A name is its own end.
 */
export function identityIn(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1).toLowerCase();
}

/**
 * identitiesOf returns all by which a cloud could find the machine of a Machine or an infrastructure machine. Its name
 * is one of them: CAPG finds an instance by name, CAPV a virtual machine without BIOS UUID by folder and name.
 */
export function identitiesOf(object: KubeObject, rule?: KindRule): readonly string[] {
  const fields = (rule?.identity ?? []).map((path) => valueAt(object, path));
  const texts = [object.metadata.name, providerIdOf(object), ...fields];
  return [...new Set(texts.flatMap((text) => (isText(text) ? [identityIn(text)] : [])))];
}

/** identityProblem returns the field of an infrastructure machine that names another machine than its Machine. */
export function identityProblem(
  object: KubeObject,
  { identity = [] }: KindRule,
  providerId: string | undefined,
): string | undefined {
  // Without it nothing contradicts: CAPV knows the BIOS UUID long before the machine has an address and so an ID.
  if (providerId === undefined) return undefined;
  return identity.find((path) => {
    const value = valueAt(object, path);
    if (value === undefined || value === '') return false;
    // `instanceID` and `biosUUID` are the end of the providerID: `aws:///eu-west-1a/i-0123`.
    return typeof value !== 'string' || identityIn(value) !== identityIn(providerId);
  });
}

/** recordedIds returns the identities of the Machines of a record by their providerIDs, with the keys of the Machines. */
export function recordedIds({ objects }: HandoverRecord): ReadonlyMap<string, string> {
  return new Map(
    objects.flatMap(({ key, values }): readonly (readonly [string, string])[] => {
      const id = values['spec.providerID'];
      return typeof id === 'string' && key.startsWith('cluster.x-k8s.io/Machine/')
        ? [[identityIn(id), key]]
        : [];
    }),
  );
}

/** claimedFrom returns the identities of machines that belong to other clusters, according to the records of all. */
export function claimedFrom(
  own: HandoverRecord,
  others: readonly HandoverRecord[],
): ReadonlySet<string> {
  const claimed = others.flatMap((other) => [
    ...recordedIds(other).keys(),
    ...recordedNames(other),
    ...Object.entries(other.born).flatMap(([id, since]) =>
      Object.hasOwn(own.born, id) && (own.born[id] ?? '') <= since ? [] : [id],
    ),
  ]);
  return new Set(claimed);
}

function recordedNames({ objects }: HandoverRecord): readonly string[] {
  return objects.flatMap(({ key }) => {
    const [group = '', kind = '', name = ''] = key.split('/');
    return isMachine({ apiVersion: `${group}/v1`, kind, metadata: {} }) ? [name] : [];
  });
}

/** withBorn adds the machines that were created inside, as read from the cluster at a time (RFC 3339). */
export function withBorn(
  record: HandoverRecord,
  objects: readonly KubeObject[],
  time: string,
): HandoverRecord {
  const handedOver = new Set([...recordedIds(record).keys(), ...recordedNames(record)]);
  const ids = objects
    .filter(({ kind }) => kind === 'Machine')
    .slice(0, MOST)
    .flatMap((machine) => identitiesOf(machine));
  const born = ids
    .filter((id) => !handedOver.has(id))
    .map((id) => [id, (Object.hasOwn(record.born, id) && record.born[id]) || time] as const);
  return { ...record, born: Object.fromEntries(born) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
