import { randomBytes } from 'node:crypto';
import { recordIn, type KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isConflict } from '../../lib/kube/errors.ts';
import type { ProviderDeps } from '../deps.ts';
import { KEY_BYTES, keyFrom, type Key, type Keyring } from './seal.ts';

/** KEYS_SECRET is the Secret with the keys of the provider, in its own namespace. */
export const KEYS_SECRET = 'managed-cluster-provider-keys';

const DEFAULT_NAMESPACE = 'crossplane-system';
const TYPE = 'managedcluster.io/keys';
const FIRST = 'key-1';

/** A pivot uses the keys several times; a new one may be used half a minute late. */
const FRESH_MS = 30_000;

/** KeyringDeps are the dependencies of {@link keyringOf}. */
export interface KeyringDeps extends Pick<ProviderDeps, 'management'> {
  readonly options?: Pick<ProviderDeps['options'], 'namespace'>;
}

interface Known {
  readonly at: number;
  readonly keys: Promise<Keyring>;
}

const known = new WeakMap<KubeApi, Known>();

/**
 * keyringOf returns the keys of the provider, at most 30 s old. The first use creates the Secret with one key. Each
 * entry of its data is a key of 32 bytes; the entry whose name is last in natural order is the newest
 * (docs/install.md, "The keys of the provider").
 */
export function keyringOf(deps: KeyringDeps): Promise<Keyring> {
  const last = known.get(deps.management);
  if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.keys;
  const keys = readOrCreate(deps);
  known.set(deps.management, { at: performance.now(), keys });
  keys.catch(() => known.delete(deps.management));
  return keys;
}

/** keysSecretName returns namespace and name of the Secret, for messages. */
export function keysSecretName({ options }: KeyringDeps): string {
  return `${options?.namespace ?? DEFAULT_NAMESPACE}/${KEYS_SECRET}`;
}

async function readOrCreate(deps: KeyringDeps): Promise<Keyring> {
  const { management, options } = deps;
  const namespace = options?.namespace ?? DEFAULT_NAMESPACE;
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: KEYS_SECRET };
  return wrapError(
    `read the keys of the provider in Secret ${keysSecretName(deps)}`,
    (async () => keysIn((await management.get(ref)) ?? (await created(management, namespace))))(),
  );
}

async function created(management: KubeApi, namespace: string): Promise<KubeObject> {
  const key = randomBytes(KEY_BYTES).toString('base64');
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: KEYS_SECRET, namespace },
    type: TYPE,
    data: { [FIRST]: key },
  };
  try {
    return await management.create(secret);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: KEYS_SECRET };
  const found = await management.get(ref);
  if (found === undefined) throw new Error('it was deleted at the same time');
  return found;
}

/** Never falls back to another key: a Secret that someone has broken is an error. */
function keysIn(secret: KubeObject): Keyring {
  const entries = Object.entries(recordIn(secret, 'data') ?? {}).toSorted(([a], [b]) =>
    b.localeCompare(a, 'en', { numeric: true }),
  );
  const keys = entries.map(([name, value]): Key => {
    const key = keyFrom(Buffer.from(typeof value === 'string' ? value : '', 'base64'));
    if (key !== undefined) return key;
    throw new Error(`entry ${name} is not a key of ${KEY_BYTES} bytes: remove it, or restore it`);
  });
  const [first, ...others] = keys;
  if (first === undefined) {
    throw new Error('it has no key: restore it from a backup, or delete it to have a new key made');
  }
  return [first, ...others];
}
