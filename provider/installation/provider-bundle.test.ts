import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import { PROVIDER_LABEL } from '../core/installation/provider-copy.ts';
import { loadBundle } from './provider-bundle.ts';

const LABELS = { [PROVIDER_LABEL]: 'cluster-api' };

function deployment(namespace: string, name: string): KubeObject {
  const envFrom = [{ configMapRef: { name: 'settings' } }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels: LABELS },
    spec: { template: { spec: { containers: [{ name: 'manager', envFrom }] } } },
  };
}

function settings(namespace: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'settings' } };
}

function aNamespace(name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A management side on which a tenant labelled a Deployment of their own. */
function management(): KubeApi {
  const objects = [
    aNamespace('capi-system', LABELS),
    aNamespace('tenant-b', {}),
    deployment('capi-system', 'capi'),
    deployment('tenant-b', 'miner'),
    settings('capi-system'),
    settings('tenant-b'),
  ];
  return {
    ...memorySide(objects).api,
    list: ({ kind }, options) =>
      Promise.resolve({
        resourceVersion: '',
        items: objects.filter(
          (object) =>
            object.kind === kind &&
            (options?.labelSelector !== PROVIDER_LABEL ||
              object.metadata.labels?.[PROVIDER_LABEL] !== undefined),
        ),
      }),
  };
}

describe('loadBundle', () => {
  it('takes nothing from a tenant who labels a Deployment as a provider', async () => {
    const { objects, strays, namespaces } = await loadBundle(management(), []);

    expect(JSON.stringify(objects)).not.toContain('tenant-b');
    expect(objects.map(({ kind }) => kind).toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'Namespace',
    ]);
    expect(namespaces).toEqual(['capi-system']);
    expect(strays).toEqual([{ name: 'tenant-b/miner', provider: 'cluster-api' }]);
  });

  it('takes the namespaces that an administrator named, labelled or not', async () => {
    const { objects } = await loadBundle(management(), ['tenant-b']);

    expect(JSON.stringify(objects)).not.toContain('capi-system');
    expect(objects.map(({ kind }) => kind).toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'Namespace',
    ]);
  });
});
