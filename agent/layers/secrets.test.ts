import { describe, expect, it } from '@jest/globals';
import type { ClusterPlanSpec } from '../../lib/apis/cluster-plan.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { StatusError } from '../../lib/kube/errors.ts';
import { createLogger } from '../../lib/log.ts';
import { createSecretValues, type SecretValues } from './secrets.ts';

const VARIABLE = { name: 'pw', secretKeyRef: { name: 'db', key: 'password' } };
const PLAN: ClusterPlanSpec = {
  epoch: 1,
  clusterName: 'demo',
  cluster: {},
  layers: [{ name: 'a', type: 'addon', installPriority: 1, secretVariables: [VARIABLE] }],
};

function refuse(): Promise<never> {
  return Promise.reject(new Error('not asked for'));
}

const NONE: KubeApi = {
  get: refuse,
  list: refuse,
  create: refuse,
  replace: refuse,
  apply: refuse,
  patch: refuse,
  delete: refuse,
  watch: refuse,
  raw: refuse,
};

/** The cache inside the cluster, and what deletes and writes it. */
class Cache {
  kept: KubeObject | undefined;
  deleted = 0;

  readonly api: KubeApi = {
    ...NONE,
    get: () => Promise.resolve(this.kept),
    apply: (object) => Promise.resolve((this.kept = object)),
    delete: () => {
      this.deleted += 1;
      return Promise.resolve();
    },
  };
}

function secret(text: string): KubeObject {
  const data = { password: Buffer.from(text).toString('base64'), other: 'eA==' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data };
}

/** Refreshes once, and lets what is read beside it come in. */
async function refreshed(cache: Cache, get: KubeApi['get'], plan = PLAN): Promise<SecretValues> {
  const sides = { local: cache.api, management: { ...NONE, get }, namespace: 'team-a' };
  const log = createLogger('silent');
  const values = createSecretValues({ ...sides, log, onChange: () => undefined });
  await values.refresh(plan);
  await new Promise((resolve) => setTimeout(resolve, 10));
  return values;
}

describe('secret values', () => {
  it('are read, kept inside without what no layer needs, and have a version that tells nothing', async () => {
    const [cache, again] = [new Cache(), new Cache()];
    const value = (await refreshed(cache, () => Promise.resolve(secret('hunter2')))).value(
      VARIABLE,
    );
    expect(value?.text).toBe('hunter2');
    expect(JSON.stringify(cache.kept)).not.toContain('eA==');
    const elsewhere = await refreshed(again, () => Promise.resolve(secret('hunter2')));
    expect(elsewhere.value(VARIABLE)?.version).not.toBe(value?.version);
  });

  it('go on from what is kept when the management side hangs or fails', async () => {
    const cache = new Cache();
    const first = await refreshed(cache, () => Promise.resolve(secret('hunter2')));
    const hung = await refreshed(cache, () => new Promise(() => undefined));
    expect(hung.value(VARIABLE)).toEqual(first.value(VARIABLE));
    const failed = await refreshed(cache, () => Promise.reject(new Error('no link')));
    expect(failed.value(VARIABLE)).toEqual(first.value(VARIABLE));
  });

  it('of a Secret that does not allow this cluster keep their last text, and others are read', async () => {
    const cache = new Cache();
    const other = { name: 'other', secretKeyRef: { name: 'open', key: 'password' } };
    const layer = { name: 'a', type: 'addon', installPriority: 1 } as const;
    const plan = { ...PLAN, layers: [{ ...layer, secretVariables: [VARIABLE, other] }] };
    await refreshed(cache, () => Promise.resolve(secret('old')), plan);
    const forbidden = new StatusError('get', 403, { reason: 'Forbidden' });
    const values = await refreshed(
      cache,
      ({ name }) => (name === 'db' ? Promise.reject(forbidden) : Promise.resolve(secret('new'))),
      plan,
    );
    expect([values.value(VARIABLE)?.text, values.value(other)?.text]).toEqual(['old', 'new']);
  });

  it('change their version with their content', async () => {
    const cache = new Cache();
    const before = (await refreshed(cache, () => Promise.resolve(secret('a')))).value(VARIABLE);
    const after = (await refreshed(cache, () => Promise.resolve(secret('b')))).value(VARIABLE);
    expect(after?.text).toBe('b');
    expect(after?.version).not.toBe(before?.version);
  });

  it('are forgotten when no layer needs them', async () => {
    const cache = new Cache();
    await refreshed(cache, () => Promise.resolve(secret('a')));
    const values = await refreshed(cache, refuse, { ...PLAN, layers: [] });
    expect([cache.deleted, values.value(VARIABLE)]).toEqual([1, undefined]);
  });
});
