import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { CLUSTER } from '../../capi/kinds.ts';
import {
  MANAGED_CLUSTER_CLAIM,
  NAMESPACED_MANAGED_CLUSTER,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import { TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isConflict, StatusError } from '../../lib/kube/errors.ts';
import { createLogger } from '../../lib/log.ts';
import { FakeApiServer } from '../../test/fake/api-server.ts';
import { teardownController } from './controller.ts';
import { NOTHING_ALLOWED } from '../../test/fake/provider-options.ts';

const CORE = 'composite.apiextensions.crossplane.io';
const PAUSED = { 'crossplane.io/paused': 'true' };
const NAMED = { namespace: 'team', name: 'demo' };

/** A controller and a server with one composite. */
class Scene {
  readonly server = new FakeApiServer('management');
  readonly events: string[] = [];
  readonly #composite: KubeObject;
  readonly #parts;
  readonly #stop = new AbortController();

  constructor(object: KubeObject, override: Partial<KubeApi> = {}) {
    this.#composite = object;
    const management = new Proxy(this.server, {
      get: (server, name: keyof KubeApi) => override[name] ?? server[name].bind(server),
    });
    this.#parts = teardownController({
      management,
      workload: () => Promise.reject(new Error('not asked for')),
      log: createLogger('silent'),
      events: { event: (_object, type, reason) => void this.events.push(`${type} ${reason}`) },
      metrics: new Registry(),
      clock: { now: () => new Date('2026-01-01T00:00:00Z') },
      options: {
        managementEndpoint: '',
        managementAuthority: '',
        agentImage: '',
        version: '0.0.0',
        allowed: NOTHING_ALLOWED,
      },
    });
  }

  async begin(deleted = false): Promise<void> {
    await this.server.create(this.#composite);
    if (deleted) await this.server.delete(this.#ref);
  }

  pass(): Promise<unknown> {
    const { namespace = '', name } = this.#ref;
    return this.#parts.reconciler.reconcile({ namespace, name }, this.#stop.signal);
  }

  /** The keys that an object of the cluster triggers. */
  wakes(object: KubeObject): readonly unknown[] {
    const source = this.#parts.sources.find(({ type }) => type.kind === object.kind);
    return source?.toKeys(object) ?? [];
  }

  composite(): Promise<KubeObject | undefined> {
    return this.server.get(this.#ref);
  }

  change(metadata: KubeObject['metadata']): Promise<KubeObject> {
    return this.server.patch(this.#ref, { metadata });
  }

  get #ref() {
    const { apiVersion, kind, metadata } = this.#composite;
    const { namespace, name = '' } = metadata;
    return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  }
}

function composite(metadata: KubeObject['metadata'] = {}): KubeObject {
  return { ...NAMESPACED_MANAGED_CLUSTER, metadata: { ...NAMED, ...metadata }, spec: {} };
}

describe('a composite that is not deleted', () => {
  it.each([
    { reason: 'is new', metadata: {}, finalizers: [TEARDOWN_FINALIZER] },
    {
      reason: 'is held by Crossplane, too, and paused',
      metadata: { finalizers: [CORE], annotations: PAUSED },
      finalizers: [CORE, TEARDOWN_FINALIZER],
    },
    {
      reason: 'was paused before Crossplane has seen it',
      metadata: { annotations: PAUSED },
      finalizers: undefined,
    },
  ])('and $reason: gets finalizers $finalizers and no status from us', async (one) => {
    const scene = new Scene(composite(one.metadata));
    await scene.begin();
    expect(await scene.pass()).toEqual({});
    const after = await scene.composite();
    expect(after?.metadata.finalizers).toEqual(one.finalizers);
    expect(after).not.toHaveProperty('status');
    expect(scene.events).toEqual([]);
    expect(scene.server.all('team')).toHaveLength(1);
  });
});

describe('a composite that is deleted', () => {
  const finalizers = [TEARDOWN_FINALIZER, 'foregroundDeletion'];

  it('and never had a namespace for a cluster loses only our finalizer, paused or not', async () => {
    const metadata = { name: 'lone', finalizers, annotations: PAUSED };
    const scene = new Scene({ ...X_MANAGED_CLUSTER, metadata, spec: {} });
    await scene.begin(true);
    expect(await scene.pass()).toEqual({});
    expect((await scene.composite())?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(scene.events).toEqual([]);
  });

  it('reports that it is paused, and keeps its finalizer', async () => {
    const scene = new Scene(composite({ finalizers, annotations: PAUSED }));
    await scene.begin(true);
    expect(await scene.pass()).toEqual({});
    const after = await scene.composite();
    expect(conditionOf(after, 'Operational')).toMatchObject({
      status: 'False',
      reason: 'ReconcilePaused',
      message: 'Paused by the annotation crossplane.io/paused: remove it to resume',
    });
    expect(after?.metadata.finalizers).toEqual(finalizers);
  });

  it('reports its end once, although others keep it', async () => {
    const scene = new Scene(composite({ finalizers }));
    await scene.begin(true);
    for (let passes = 0; passes < 4; passes += 1) {
      // oxlint-disable-next-line no-await-in-loop -- sequential on purpose
      await scene.pass().catch((error: unknown) => {
        if (!isConflict(error)) throw error;
      });
    }
    expect((await scene.composite())?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(scene.events).toEqual(['Normal TornDown']);
  });
});

describe('a teardown that fails', () => {
  const finalizers = [TEARDOWN_FINALIZER];
  const report = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'team', name: 'demo-teardown' };

  it('reports it on the composite, in the report, and in one Event', async () => {
    const broken = new Error('broken');
    const scene = new Scene(composite({ finalizers }), { list: () => Promise.reject(broken) });
    await scene.begin(true);
    await expect(scene.pass()).rejects.toThrow('cannot list the CRDs');
    await expect(scene.pass()).rejects.toThrow('cannot list the CRDs');
    expect(conditionOf(await scene.composite(), 'Operational')).toMatchObject({
      status: 'False',
      reason: 'TeardownFailed',
      message: 'cannot list the CRDs: broken; retrying',
    });
    const map = await scene.server.get(report);
    expect(recordIn(map, 'data')?.['report']).toContain('broken; retrying');
    expect(scene.events).toEqual(['Warning TeardownFailed']);
  });

  it('reports it in the report even if the composite cannot be written', async () => {
    const scene = new Scene(composite({ finalizers }), {
      list: () => Promise.reject(new Error('broken')),
      replace: () => Promise.reject(new Error('read-only')),
    });
    await scene.begin(true);
    await expect(scene.pass()).rejects.toThrow('cannot list the CRDs');
    const map = await scene.server.get(report);
    expect(recordIn(map, 'data')?.['report']).toContain('broken; retrying');
  });

  it('does not trigger itself when the claim cannot be written', async () => {
    const claim: KubeObject = { ...MANAGED_CLUSTER_CLAIM, metadata: NAMED, spec: {} };
    const scene = new Scene(
      {
        ...X_MANAGED_CLUSTER,
        metadata: { name: 'demo-x', finalizers: [...finalizers, CORE] },
        spec: { claimRef: NAMED },
      },
      {
        replace: (object, options) =>
          object.kind === claim.kind
            ? Promise.reject(new Error('no rights on claims'))
            : scene.server.replace(object, options),
      },
    );
    await scene.server.create(claim);
    await scene.begin(true);
    await expect(scene.pass()).rejects.toThrow('cannot write the status of ManagedCluster');
    const { resourceVersion } = (await scene.composite())?.metadata ?? {};
    await expect(scene.pass()).rejects.toThrow('cannot write the status of ManagedCluster');
    expect((await scene.composite())?.metadata.resourceVersion).toBe(resourceVersion);
    expect(scene.events.filter((event) => event.startsWith('Warning'))).toEqual([]);
  });

  it('does not report a conflict', async () => {
    const conflict = new StatusError('GET /x', 409, { reason: 'Conflict', message: 'changed' });
    const scene = new Scene(composite({ finalizers }), { list: () => Promise.reject(conflict) });
    await scene.begin(true);
    await expect(scene.pass()).rejects.toThrow('cannot list the CRDs');
    expect(await scene.composite()).not.toHaveProperty('status');
    expect(await scene.server.get(report)).toBeUndefined();
    expect(scene.events).toEqual([]);
  });
});

describe('a composite that disappeared before its cluster', () => {
  const cluster: KubeObject = { ...CLUSTER, metadata: NAMED };

  it('is remembered, and triggered by its cluster, until nothing is left', async () => {
    let broken = true;
    const scene = new Scene(composite({ finalizers: [CORE] }), {
      list: (...asked) =>
        broken ? Promise.reject(new Error('broken')) : scene.server.list(...asked),
    });
    await scene.begin(true);
    await scene.pass();
    await scene.change({ finalizers: [] });
    expect(await scene.composite()).toBeUndefined();

    await expect(scene.pass()).rejects.toThrow('cannot list the CRDs');
    expect(scene.wakes(cluster)).toEqual([NAMED]);
    broken = false;
    expect(await scene.pass()).toEqual({});
    expect(scene.events.at(-1)).toBe('Normal TornDown');
    expect(scene.wakes(cluster)).toEqual([]);
    await scene.pass();
    expect(scene.events.filter((event) => event === 'Normal TornDown')).toHaveLength(1);
  });
});
