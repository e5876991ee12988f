import { describe, expect, it } from '@jest/globals';
import { recordIn } from '../lib/core/conditions.ts';
import { optionsFrom } from './options.ts';
import { packageObjects, productVersion } from './package-files.ts';

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
}

function deployment() {
  const [first] = packageObjects('provider').filter(({ kind }) => kind === 'Deployment');
  const pod = recordIn(recordIn(recordIn(first, 'spec'), 'template'), 'spec');
  const containers = pod?.['containers'] as readonly Container[] | undefined;
  const container = containers?.[0];
  if (first === undefined || container === undefined) throw new Error('no Deployment');
  return { metadata: first.metadata, account: pod?.['serviceAccountName'], container };
}

describe('the shipped Deployment', () => {
  it('calls the program as it wants to be called, on the ports that it says', () => {
    const { container } = deployment();
    const { metricsPort, healthPort } = optionsFrom(container.args, {});
    const ports = new Map(container.ports.map(({ name, containerPort }) => [name, containerPort]));
    expect([ports.get('metrics'), ports.get('health')]).toEqual([metricsPort, healthPort]);
  });

  it('is of this version', () => {
    expect(deployment().container.image).toBe(
      `ghcr.io/managed-cluster/provider:${productVersion()}`,
    );
  });

  it('runs as the ServiceAccount that has the permissions', () => {
    const { account, metadata } = deployment();
    const binding = packageObjects('rbac').find(({ kind }) => kind === 'ClusterRoleBinding');
    expect(binding?.['subjects']).toEqual([
      { kind: 'ServiceAccount', name: account, namespace: metadata.namespace },
    ]);
  });
});
