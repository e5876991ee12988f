import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { agentObjects } from './agent-objects.ts';
import { imageKeeper } from './image-keeper.ts';
import { listIn, podSpecOf } from './json.ts';

function aDeployment(name: string, containers: readonly object[]): KubeObject {
  const spec = { template: { spec: { containers } } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}

const AGENT = agentObjects('demo', { image: 'r/agent:1' }).find(
  ({ kind }) => kind === 'Deployment',
);

function podSpecFor(...providers: readonly KubeObject[]) {
  return podSpecOf(imageKeeper(AGENT ?? aDeployment('agent', []), providers));
}

describe('imageKeeper', () => {
  it('pulls the image of every provider once, with a program that exits, and keeps running with that of the agent', () => {
    const proxy = { image: 'r/proxy:1' };
    const podSpec = podSpecFor(
      aDeployment('core', [{ image: 'r/core:1', command: ['/manager'], args: ['--leader-elect'] }]),
      aDeployment('infra', [{ image: 'r/infra:1', args: ['--v=2'] }, proxy]),
      aDeployment('other', [proxy]),
    );
    const init = listIn(podSpec, 'initContainers');

    expect(init.map(({ image, command, args }) => [image, command, args])).toEqual([
      ['r/core:1', ['/manager'], ['--help']],
      ['r/infra:1', undefined, ['--help']],
      ['r/proxy:1', undefined, ['--help']],
    ]);
    expect(listIn(podSpec, 'containers').map(({ image }) => image)).toEqual(['r/agent:1']);
  });

  it('does not depend on the order of the Deployments: a new template would restart it', () => {
    const [a, b] = ['r/a:1', 'r/b:1'].map((image) => aDeployment(image, [{ image }]));
    if (a === undefined || b === undefined) throw new Error('unreachable');

    expect(podSpecFor(b, a)).toEqual(podSpecFor(a, b));
  });

  it('runs on control plane nodes, including tainted ones, without any permissions', () => {
    expect(podSpecFor()).toMatchObject({
      automountServiceAccountToken: false,
      nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
      tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
      securityContext: { runAsNonRoot: true },
    });
  });
});
