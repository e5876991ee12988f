import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { PROVIDER_LABEL } from '../core/installation/provider-copy.ts';
import type { ProviderBundle } from './provider-bundle.ts';
import { refusedProviderIn } from './provider-refusal.ts';
import { selectProviders } from './selected-providers.ts';

const CLUSTER: KubeObject = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { namespace: 'team', name: 'demo' },
  spec: {},
};

function manager(podSpec: object): KubeObject {
  const labels = { [PROVIDER_LABEL]: 'cluster-api' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'capi-system', name: 'capi', labels },
    spec: { template: { spec: podSpec } },
  };
}

function reasonOf(bundle: Partial<ProviderBundle>, privileged: readonly string[] = []) {
  const full = { crds: [], objects: [], strays: [], namespaces: [], ...bundle };
  try {
    selectProviders(full, [CLUSTER], privileged);
    return undefined;
  } catch (error) {
    const refused = refusedProviderIn(error);
    return refused === undefined ? String(error) : `${refused.reason}: ${refused.message}`;
  }
}

describe('selectProviders', () => {
  const rootOfNode = { volumes: [{ name: 'root', hostPath: { path: '/' } }], hostPID: true };

  it('selects what is in a trusted namespace', () => {
    expect(reasonOf({ objects: [manager({})] })).toBeUndefined();
  });

  it('names Deployments that only claim to be the provider', () => {
    const strays = [{ name: 'tenant-b/miner', provider: 'cluster-api' }];
    expect(reasonOf({ strays })).toMatch(/^ProviderNotTrusted: .*tenant-b\/miner \(cluster-api\)/);
    // They do not stand in the way of the provider itself.
    expect(reasonOf({ objects: [manager({})], strays })).toBeUndefined();
  });

  it('refuses Pods with access to the nodes, unless the administrator allows the provider', () => {
    const objects = [manager(rootOfNode)];
    expect(reasonOf({ objects })).toMatch(
      /^ProviderNotRestricted: .*capi-system\/capi.*\(hostPID, volume root of type hostPath\)/,
    );
    expect(reasonOf({ objects }, ['infrastructure-docker'])).toMatch(/^ProviderNotRestricted/);
    expect(reasonOf({ objects }, ['cluster-api'])).toBeUndefined();
  });

  it('waits for a provider that does not exist', () => {
    expect(reasonOf({})).toMatch(/no Deployment with the label/);
  });
});
