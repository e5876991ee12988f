import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { applyCrds, installProviders, waves } from './install.ts';

function object(kind: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'ns' } };
}

/** A fake API server: objects get their condition some looks after they were applied. */
class FakeApi {
  readonly log: string[] = [];
  readonly probes: KubeObject[] = [];
  inFlight = 0;
  mostInFlight = 0;
  looksUntilTrue = 2;
  refusedProbes = 2;
  readonly #looks = new Map<string, number>();

  async apply({ kind, metadata }: KubeObject): Promise<void> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await sleep(1);
    this.inFlight -= 1;
    this.log.push(`apply ${kind} ${metadata.name}`);
  }

  async get({ kind, name }: ObjectRef): Promise<KubeObject> {
    const looks = (this.#looks.get(name) ?? 0) + 1;
    this.#looks.set(name, looks);
    const status = looks > this.looksUntilTrue ? 'True' : 'False';
    if (status === 'True') this.log.push(`${kind} ${name} is fine`);
    const conditions = ['Established', 'Available'].map((type) => ({ type, status }));
    return { ...object(kind, name), status: { conditions } };
  }

  async create(probe: KubeObject, options: { readonly dryRun?: boolean }): Promise<KubeObject> {
    if (options.dryRun !== true) throw new Error('the probe must not be created');
    this.probes.push(probe);
    if (this.probes.length <= this.refusedProbes) throw new Error('connection refused');
    return probe;
  }

  get port(): KubeApi {
    return this as unknown as KubeApi;
  }
}

const RENDERED = {
  crds: [object('CustomResourceDefinition', 'one'), object('CustomResourceDefinition', 'two')],
  objects: [
    object('Deployment', 'manager'),
    object('Service', 'service'),
    object('Secret', 'certificate'),
    object('ServiceAccount', 'account'),
    object('Namespace', 'ns'),
  ],
};

describe('installProviders', () => {
  it('goes in the order in which objects need each other, and tells', async () => {
    const api = new FakeApi();
    const lines: string[] = [];
    await installProviders(api.port, RENDERED, { progress: (line) => lines.push(line) });
    expect(api.log.slice(-6)).toEqual([
      'apply Namespace ns',
      'apply ServiceAccount account',
      'apply Secret certificate',
      'apply Service service',
      'apply Deployment manager',
      'Deployment manager is fine',
    ]);
    expect(api.log.slice(0, 4)).toContain('CustomResourceDefinition two is fine');
    expect(lines.map((line) => line.replace(/ [\d.]+ s$/, ''))).toEqual([
      'CRDs established',
      'providers applied',
      'providers available',
      'webhooks answer',
    ]);
  });

  it('asks the webhooks until they answer, with an annotation on the probe', async () => {
    const api = new FakeApi();
    await installProviders(api.port, RENDERED);
    expect(api.probes).toHaveLength(api.refusedProbes + 1);
    expect(Object.keys(api.probes[0]?.metadata.annotations ?? {})).not.toHaveLength(0);
  });

  it('stops when there is nothing to hope for', async () => {
    const api = new FakeApi();
    api.looksUntilTrue = Infinity;
    const options = { hopeless: () => new Error('the API server has died') };
    await expect(installProviders(api.port, RENDERED, options)).rejects.toThrow('has died');
  });
});

describe('applyCrds', () => {
  it('keeps eight requests in flight, not more', async () => {
    const api = new FakeApi();
    const crds = Array.from({ length: 30 }, (_, i) => object('CustomResourceDefinition', `${i}`));
    api.looksUntilTrue = 0;
    await applyCrds(api.port, crds);
    expect(api.mostInFlight).toBe(8);
    expect(api.log.filter((line) => line.startsWith('apply'))).toHaveLength(30);
  });
});

describe('waves', () => {
  it('loses no object', () => {
    expect(waves(RENDERED.objects).flat()).toHaveLength(RENDERED.objects.length);
  });
});
