import { describe, expect, it } from '@jest/globals';
import { recordIn } from '../lib/core/object.ts';
import { optionsFrom } from './options.ts';
import { packageObjects } from './package-files.ts';

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
}

const LABEL = 'app.kubernetes.io/name';

function runtime() {
  const name = 'managed-cluster-provider';
  const config = packageObjects('chart/runtime').find(({ metadata }) => metadata.name === name);
  const deployment = recordIn(recordIn(config, 'spec'), 'deploymentTemplate');
  const template = recordIn(recordIn(deployment, 'spec'), 'template');
  const pod = recordIn(template, 'spec');
  const containers = pod?.['containers'] as readonly Container[] | undefined;
  const container = containers?.[0];
  if (container === undefined) throw new Error('no DeploymentRuntimeConfig of the provider');
  const labels = recordIn(recordIn(template, 'metadata'), 'labels');
  return { account: pod?.['serviceAccountName'], container, labels };
}

describe('the shipped DeploymentRuntimeConfig', () => {
  it('starts the program with valid flags, on its declared ports', () => {
    const { container } = runtime();
    const { metricsPort, healthPort } = optionsFrom(container.args, {});
    const ports = new Map(container.ports.map(({ name, containerPort }) => [name, containerPort]));
    expect([ports.get('metrics'), ports.get('health')]).toEqual([metricsPort, healthPort]);
  });

  it('serves metrics over TLS, to those only who may read them', () => {
    const { metricsAuth, metricsCertsDir } = optionsFrom(runtime().container.args, {});
    expect({ metricsAuth, metricsCertsDir }).toEqual({
      metricsAuth: true,
      metricsCertsDir: '/tls/server',
    });
  });

  it('configures the container that Crossplane expects, and labels its Pods', () => {
    const { container, labels } = runtime();
    expect(container.name).toBe('package-runtime');
    expect(labels?.[LABEL]).toBe('managed-cluster-provider');
  });

  it('runs as the ServiceAccount that has the permissions', () => {
    const objects = packageObjects('rbac');
    const binding = objects.find(({ kind }) => kind === 'ClusterRoleBinding');
    const account = objects.find(({ kind }) => kind === 'ServiceAccount');
    expect(account?.metadata.name).toBe(runtime().account);
    expect(binding?.['subjects']).toEqual([
      { kind: 'ServiceAccount', name: runtime().account, namespace: account?.metadata.namespace },
    ]);
  });
});
