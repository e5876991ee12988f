import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { createLogger } from '../../lib/log.ts';
import type { Inventory } from '../core/inventory.ts';
import { aLayer, wanted } from '../testing/cluster-states.ts';
import { LayerEngine } from './engine.ts';
import type { HelmCli } from './helm.ts';
import { Installer } from './installer.ts';

const MANIFESTS = `
apiVersion: v1
kind: ConfigMap
metadata: {name: mtu}
data: {mtu: "\${mtu}"}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
`;
const [LAYER] = wanted(aLayer('net', { manifests: MANIFESTS }));
if (LAYER === undefined) throw new Error('no layer');
const READY = { install: [], repair: [LAYER], remove: [], reports: [] };
const INSTALL = { ...READY, install: [LAYER], repair: [] };

interface Held {
  readonly applied: string[];
  /** What an apply waits for. */
  gate: Promise<void>;
  failure: Error | undefined;
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('not asked for'));
}

/** An engine over an API server that takes everything. */
function subject(repairMs: number) {
  const held: Held = { applied: [], gate: Promise.resolve(), failure: undefined };
  const api: KubeApi = {
    get: refuse,
    list: refuse,
    create: refuse,
    replace: refuse,
    patch: refuse,
    delete: refuse,
    watch: refuse,
    raw: () =>
      Promise.resolve({
        resources: [
          { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
          { name: 'jobs', kind: 'Job', namespaced: true },
        ],
      }),
    async apply(object: KubeObject): Promise<KubeObject> {
      await held.gate;
      if (held.failure !== undefined) throw held.failure;
      held.applied.push(`${object.kind} ${object.metadata.namespace}/${object.metadata.name}`);
      return object;
    },
  };
  const inventories = new Map<string, Inventory>();
  const store = {
    list: () => Promise.resolve([...inventories.values()]),
    write: (inventory: Inventory) => {
      inventories.set(inventory.layer, inventory);
      return Promise.resolve();
    },
    remove: () => Promise.resolve(),
  };
  const log = createLogger('silent');
  const installer = new Installer({ api, store, helm: {} as unknown as HelmCli, log });
  const changes = { count: 0 };
  const engine = new LayerEngine({
    api,
    store,
    installer,
    secrets: { refresh: () => Promise.resolve(), value: () => undefined },
    log,
    onChange: () => void (changes.count += 1),
    repairMs,
  });
  return { engine, held, changes, inventories };
}

describe('the record of a layer that is gone', () => {
  it('is no layer that could be removed', async () => {
    const { engine, inventories } = subject(0);
    const kept = [{ apiVersion: 'v1', kind: 'Namespace', name: 'db', why: 'it says so' }];
    inventories.set('old', { layer: 'old', objects: [], kept, removed: true });
    inventories.set('there', { layer: 'there', objects: [] });
    expect((await engine.states([])).map(({ name }) => name)).toEqual(['there']);
  });
});

describe('a layer that is installed', () => {
  it('is applied again when it is due, without its Jobs and without a word', async () => {
    const { engine, held, changes, inventories } = subject(0);
    engine.carryOut(INSTALL);
    await engine.settled();
    expect(held.applied.splice(0).toSorted()).toEqual([
      'ConfigMap default/mtu',
      'Job default/once',
    ]);
    const noted = inventories.get('net');
    engine.carryOut(READY);
    await engine.settled();
    expect(held.applied).toEqual([]);
    engine.carryOut(READY);
    expect(engine.isBusy()).toBe(false);
    await engine.settled();

    expect(held.applied).toEqual(['ConfigMap default/mtu']);
    expect(inventories.get('net')).toBe(noted);
    expect(changes.count).toBe(2);
  });

  it('is left alone before it is due', async () => {
    const { engine, held } = subject(60_000);
    for (let pass = 0; pass < 3; pass += 1) engine.carryOut(READY);
    await engine.settled();

    expect(held.applied).toEqual([]);
  });

  it('is not installed again while a repair writes older content', async () => {
    const { engine, held } = subject(0);
    const gate = new EventEmitter();
    held.gate = once(gate, 'open').then(() => undefined);
    engine.carryOut(READY);
    engine.carryOut(READY);
    engine.carryOut(INSTALL);
    gate.emit('open');
    await engine.settled();
    expect(held.applied.splice(0)).toEqual(['ConfigMap default/mtu']);
    engine.carryOut(INSTALL);
    await engine.settled();
    expect(held.applied).toHaveLength(2);
  });

  it('stays ready when a repair fails, and is repaired the next time', async () => {
    const { engine, held } = subject(0);
    held.failure = new Error('a webhook says no');
    engine.carryOut(READY);
    engine.carryOut(READY);
    await engine.settled();
    expect(engine.isBusy()).toBe(false);
    held.failure = undefined;
    engine.carryOut(READY);
    await engine.settled();

    expect(held.applied).toEqual(['ConfigMap default/mtu']);
  });
});
