import { isRecord, recordIn, groupOf, type KubeObject } from '../../../lib/core/object.ts';
import { isClusterApi } from '../pivot/identity.ts';

/** Fields with a reference to another object: of Cluster API, and of CAPV to bootstrap data. */
const REFERENCES = [
  'infrastructureRef',
  'controlPlaneRef',
  'configRef',
  'templateRef',
  'bootstrapRef',
];

/** Fields of a KubeadmConfig that read from a Secret: `files[].contentFrom`, `users[].passwdFrom`. */
const SECRET_SOURCES = ['contentFrom', 'passwdFrom'];

/** The Secret with bootstrap data: of a Machine and a template of Machines, and in the status of a KubeadmConfig. */
const DATA_SECRET = 'dataSecretName';

/** Reference is what an object of a cluster refers to. */
export interface Reference {
  /** `<group>/<kind>/<name>`. */
  readonly key: string;
  /** Whether it names another namespace. */
  readonly elsewhere: boolean;
}

/**
 * allReferencesOf returns everything that an object refers to by name. A controller on the management side would
 * read what stands there, so a name may only lead to an object of the same cluster.
 */
export function allReferencesOf(object: KubeObject): readonly Reference[] {
  if (!isClusterApi(object)) return [];
  const { namespace = '' } = object.metadata;
  const found = [...foundIn(object['spec'], namespace)];
  const data = recordIn(object, 'status')?.[DATA_SECRET];
  return typeof data === 'string' ? [...found, secret(data)] : found;
}

/** secretReferencesOf returns the keys of the Secrets that an object refers to, without duplicates. */
export function secretReferencesOf(object: KubeObject): readonly string[] {
  const keys = allReferencesOf(object).map(({ key }) => key);
  return [...new Set(keys.filter((key) => key.startsWith('/Secret/')))];
}

function foundIn(value: unknown, namespace: string): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap((inner) => foundIn(inner, namespace));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    if (field === DATA_SECRET) return typeof inner === 'string' ? [secret(inner)] : [];
    if (REFERENCES.includes(field)) return referenceIn(inner, namespace);
    if (SECRET_SOURCES.includes(field)) {
      const name = recordIn(inner, 'secret')?.['name'];
      return typeof name === 'string' ? [secret(name)] : [];
    }
    return foundIn(inner, namespace);
  });
}

/** References have `apiGroup` in v1beta2 and `apiVersion` in v1beta1 (facts/capi.md 2.2). */
function referenceIn(value: unknown, namespace: string): readonly Reference[] {
  if (!isRecord(value)) return [];
  const { apiGroup, apiVersion, kind, name } = value;
  if (typeof kind !== 'string' || typeof name !== 'string' || name === '') return [];
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  const group = typeof apiGroup === 'string' ? apiGroup : groupOf(version);
  const elsewhere = ![undefined, '', namespace].includes(textOf(value['namespace']));
  return [{ key: `${group}/${kind}/${name}`, elsewhere }];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function secret(name: string): Reference {
  return { key: `/Secret/${name}`, elsewhere: false };
}
