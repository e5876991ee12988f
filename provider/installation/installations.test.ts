import { describe, expect, it } from '@jest/globals';
import { AGENTS_NAMESPACE } from '../../lib/apis/agent.ts';
import { CLUSTER_LABEL, CLUSTER_NAMESPACE_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import { doneWith } from '../../lib/reconcile/outcome.ts';
import { PROVIDER_LABEL } from '../core/installation/provider-copy.ts';
import { Installations } from './installations.ts';
import type { PartMemory } from './part-memory.ts';
import type { PartName } from './part.ts';
import { watchProviders } from './provider-watch.ts';
import { memorySide } from '../../test/fake/memory-side.ts';

const KEYS: readonly Key[] = ['one', 'two'].map((name) => ({ namespace: 'team', name }));
const PARTS: readonly PartName[] = ['Identity', 'Target'];

function deployment(image: string, status: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'capi-system', name: 'capi', labels: { [PROVIDER_LABEL]: 'capi' } },
    spec: { template: { spec: { containers: [{ name: 'manager', image }] } } },
    status,
  };
}

const SYSTEM: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'capi-system', labels: { [PROVIDER_LABEL]: 'capi' } },
};

/** Two installations whose parts all finished recently; `event` is what a watch reports. */
function subject() {
  const requests = { lists: 0, broken: false };
  const side = memorySide([]).api;
  const management: KubeApi = {
    ...side,
    list: (type) => {
      requests.lists += 1;
      if (requests.broken) return Promise.reject(new Error('broken'));
      const items = type.kind === 'Namespace' ? [SYSTEM] : [];
      return Promise.resolve({ resourceVersion: '', items });
    },
  };
  const watch = watchProviders(management, []);
  const installations = new Installations(watch, 60_000);
  function memoryOf(name: string): PartMemory {
    return installations.memoryOf({ namespace: 'team', name });
  }
  for (const { name } of KEYS) {
    memoryOf(name).under('same');
    for (const part of PARTS) memoryOf(name).remember(part, doneWith({}));
  }
  return {
    watch,
    requests,
    installations,
    memoryOf,
    known: (name: string) => PARTS.filter((part) => memoryOf(name).recall(part) !== undefined),
    event: (object: KubeObject) =>
      installations
        .sources()
        .filter(({ type }) => type.kind === object.kind)
        .flatMap((source) => source.toKeys(object)),
  };
}

describe('the memory of installations', () => {
  it('is invalid for all of them when a provider changes, and all are reconciled', () => {
    const { event, known } = subject();

    expect(event(deployment('a'))).toEqual(KEYS);
    expect([known('one'), known('two')]).toEqual([[], []]);
  });

  it('is also invalid if a pass that started before the change remembers it afterwards', () => {
    const { event, known, memoryOf } = subject();
    event(deployment('a'));
    memoryOf('one').remember('Target', doneWith({}));
    memoryOf('one').under('same');

    expect(known('one')).toEqual([]);
  });

  it('is kept when only the status of a provider changes, or an event is repeated', () => {
    const { event, known, memoryOf } = subject();
    event(deployment('a'));
    memoryOf('one').under('same');
    memoryOf('one').remember('Target', doneWith({}));

    expect(event(deployment('a', { replicas: 1 }))).toEqual([]);
    expect(known('one')).toEqual(['Target']);
  });

  it('is invalid in one part of one installation when the identity of its agent changes', () => {
    const { event, known } = subject();
    const labels = { [CLUSTER_LABEL]: 'one', [CLUSTER_NAMESPACE_LABEL]: 'team' };
    const metadata = { namespace: AGENTS_NAMESPACE, name: 'managed-cluster-agent-1', labels };

    expect(event({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })).toEqual([KEYS[0]]);
    expect([known('one'), known('two')]).toEqual([['Target'], PARTS]);
  });

  it('is removed with the installation, which no provider triggers any more', () => {
    const { event, installations } = subject();
    installations.forget({ namespace: 'team', name: 'one' });

    expect(event(deployment('a'))).toEqual([KEYS[1]]);
  });
});

describe('the bundle of providers', () => {
  it('is listed once for all, and again after a change', async () => {
    const { watch, requests, event } = subject();
    await Promise.all([watch.bundle(), watch.bundle()]);
    const once = requests.lists;
    await watch.bundle();
    expect(requests.lists).toBe(once);
    event(deployment('a'));
    await watch.bundle();

    expect(requests.lists).toBe(2 * once);
    expect(watch.quietMs()).toBeLessThan(60_000);
  });

  it('is not listed again when a tenant changes a Deployment with the label', async () => {
    const { watch, requests, event, known } = subject();
    await watch.bundle();
    const once = requests.lists;
    const { metadata, ...rest } = deployment('a');
    const keys = event({ ...rest, metadata: { ...metadata, namespace: 'tenant-b' } });
    await watch.bundle();

    expect([keys, known('one'), requests.lists]).toEqual([[], PARTS, once]);
  });

  it('is listed again when something was missing', async () => {
    const { watch, requests } = subject();
    await watch.bundle();
    const once = requests.lists;
    watch.discard();
    await watch.bundle();
    expect(requests.lists).toBe(2 * once);
  });

  it('is listed again after a failure', async () => {
    const { watch, requests } = subject();
    requests.broken = true;
    await expect(watch.bundle()).rejects.toThrow('broken');
    requests.broken = false;

    expect(await watch.bundle()).toMatchObject({ crds: [], namespaces: ['capi-system'] });
  });
});
