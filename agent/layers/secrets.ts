import { randomUUID } from 'node:crypto';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import type { ClusterPlanSpec, SecretVariable } from '../../lib/apis/cluster-plan.generated.ts';
import { isRecord, type KubeObject, recordIn } from '../../lib/core/object.ts';
import { sha256 } from '../../lib/core/hash.ts';
import { wrapError, messageOf } from '../../lib/errors.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { hasStatus } from '../../lib/kube/errors.ts';
import type { Logger } from '../../lib/log.ts';

import { LAYERS_MANAGER } from './objects.ts';

/** Value is a secret variable: its text, and a version that changes with it and reveals nothing. */
export interface Value {
  readonly text: string;
  readonly version: string;
}

/** SecretValues are the secret variables of a plan, cached for when the management side is unreachable. */
export interface SecretValues {
  /**
   * Reads the cached values, and refreshes the Secrets of a plan in the background when they are due. A
   * Secret that cannot be read keeps its last value.
   */
  refresh(plan: ClusterPlanSpec): Promise<void>;
  /** The value of a variable; undefined when its Secret was never read. */
  value(variable: SecretVariable): Value | undefined;
}

/** SecretSides are the source of Secrets and their local cache. */
export interface SecretSides {
  readonly local: KubeApi;
  readonly management: KubeApi;
  /** Namespace of the cluster on the management side. */
  readonly namespace: string;
  readonly log: Logger;
  /** Called when a value has changed. */
  readonly onChange: () => void;
}

const CACHE: ObjectRef = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: AGENT_NAMESPACE,
  name: 'managed-cluster-agent-variables',
};

/** Salt: without it, a short secret could be guessed from its version. */
const SALT = '_salt';

/** How long values are cached, in milliseconds: when all were found, and when one was missing. */
const COMPLETE_MS = 60_000;
const INCOMPLETE_MS = 5000;

type Data = Readonly<Record<string, string>>;

/** Creates the values; nothing is read before the first refresh. */
export function createSecretValues(sides: SecretSides): SecretValues {
  const { local, log, onChange } = sides;
  let known: Data | undefined;
  let readFor = '';
  let nextAt = Number.NEGATIVE_INFINITY;
  let reading = false;

  async function read(wanted: Wanted, last: Data): Promise<void> {
    const found = await Promise.all([...wanted].map((one) => fetched(sides, one, last)));
    const salt = last[SALT] ?? Buffer.from(randomUUID()).toString('base64');
    const next = { [SALT]: salt, ...Object.fromEntries(found.flat()) };
    const complete = [...wanted].every(([name, keys]) =>
      keys.every((key) => cacheKey(name, key) in next),
    );
    nextAt = performance.now() + (complete ? COMPLETE_MS : INCOMPLETE_MS);
    if (sameData(next, last)) return;
    await writeCache(local, next);
    known = next;
    onChange();
  }

  /** In the background: a hanging connection must not block a pass. */
  function readBeside(wanted: Wanted, last: Data): void {
    reading = true;
    read(wanted, last)
      .catch((error: unknown) => {
        nextAt = performance.now() + COMPLETE_MS / 2;
        log.warn({ error: messageOf(error) }, 'cannot read layer secrets, using the last values');
      })
      .finally(() => (reading = false));
  }

  return {
    async refresh(plan): Promise<void> {
      const wanted = wantedIn(plan);
      known ??= await readCache(local);
      if (wanted.size === 0) {
        if (Object.keys(known).length > 0) await wrapError('clear the cache', local.delete(CACHE));
        known = {};
        return;
      }
      const which = JSON.stringify([...wanted]);
      if (reading || (which === readFor && performance.now() < nextAt)) return;
      readFor = which;
      readBeside(wanted, known);
    },
    value({ secretKeyRef: { name, key } }): Value | undefined {
      const encoded = known?.[cacheKey(name, key)];
      if (encoded === undefined) return undefined;
      const version = sha256(`${known?.[SALT] ?? ''}/${name}/${key}/${encoded}`).slice(0, 8);
      return { text: Buffer.from(encoded, 'base64').toString('utf8'), version };
    },
  };
}

function sameData(a: Data, b: Data): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Wanted maps the names of Secrets to the required keys. */
type Wanted = ReadonlyMap<string, readonly string[]>;

/**
 * A Secret that the agent cannot read keeps its last values: it does not exist, or does not allow this cluster
 * to use it (lib/apis/opt-in.ts). The others are not affected.
 */
async function fetched(
  sides: SecretSides,
  [name, keys]: readonly [string, readonly string[]],
  last: Data,
): Promise<[string, string][]> {
  const secret = await readable(sides, name);
  const data = secret === 'Forbidden' ? undefined : (recordIn(secret, 'data') ?? {});
  if (data === undefined) return lastOf(name, keys, last);
  return keys.flatMap((key): [string, string][] => {
    const value = data[key];
    return typeof value === 'string' ? [[cacheKey(name, key), value]] : [];
  });
}

function lastOf(name: string, keys: readonly string[], last: Data): [string, string][] {
  return keys.flatMap((key): [string, string][] => {
    const value = last[cacheKey(name, key)];
    return value === undefined ? [] : [[cacheKey(name, key), value]];
  });
}

async function readable(
  { management, namespace }: SecretSides,
  name: string,
): Promise<KubeObject | 'Forbidden' | undefined> {
  try {
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name };
    return await wrapError(`read Secret ${name}`, management.get(ref));
  } catch (error) {
    if (hasStatus(error, 403)) return 'Forbidden';
    throw error;
  }
}

function wantedIn({ layers }: ClusterPlanSpec): Wanted {
  const wanted = new Map<string, readonly string[]>();
  for (const { secretKeyRef } of layers.flatMap(({ secretVariables = [] }) => secretVariables)) {
    const { name, key } = secretKeyRef;
    wanted.set(name, [...new Set([...(wanted.get(name) ?? []), key])]);
  }
  return wanted;
}

/** Unambiguous: the name of a Secret never contains an underscore. */
function cacheKey(name: string, key: string): string {
  return `${name}_${key}`;
}

async function readCache(local: KubeApi): Promise<Readonly<Record<string, string>>> {
  const secret = await wrapError('read the cached secrets of layers', local.get(CACHE));
  const data = secret?.['data'];
  if (!isRecord(data)) return {};
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

async function writeCache(local: KubeApi, data: Readonly<Record<string, string>>): Promise<void> {
  const { apiVersion, kind, namespace = '', name } = CACHE;
  const secret = { apiVersion, kind, metadata: { namespace, name }, data };
  const options = { fieldManager: LAYERS_MANAGER, force: true };
  await wrapError('cache the secrets of layers', local.apply(secret, options));
}
