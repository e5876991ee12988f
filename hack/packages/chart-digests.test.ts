import { expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { unpinned } from './chart-digests.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

function chart(pkg: string, image: string): readonly KubeObject[] {
  const containers = [{ args: ['--debug', `--agent-image=${image}`] }];
  const deploymentTemplate = { spec: { template: { spec: { containers } } } };
  const metadata = { name: 'managed-cluster-provider' };
  return [
    { apiVersion: 'pkg.crossplane.io/v1', kind: 'Provider', metadata, spec: { package: pkg } },
    {
      apiVersion: 'pkg.crossplane.io/v1beta1',
      kind: 'DeploymentRuntimeConfig',
      metadata,
      spec: { deploymentTemplate },
    },
  ];
}

it.each<[string, string, readonly string[]]>([
  [`r/provider@${DIGEST}`, `r/agent:1@${DIGEST}`, []],
  ['r/provider:1', `r/agent@${DIGEST}`, ['r/provider:1 has no digest']],
  [`r/provider@${DIGEST}`, 'r/agent:1', ['r/agent:1 has no digest']],
  [`r/provider@${DIGEST}0`, `r/agent@${DIGEST}`, [`r/provider@${DIGEST}0 has no digest`]],
])('package %s and agent %s: %j', (pkg, image, want) => {
  expect(unpinned(chart(pkg, image))).toEqual(want);
});
