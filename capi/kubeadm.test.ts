import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../lib/core/object.ts';
import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput } from './cloud.ts';
import { controlPlaneKubeadm, workerKubeadm } from './kubeadm.ts';
import { aCluster, PUBLIC_KEY } from './testing/clusters.ts';

const EXTERNAL = { name: 'cloud-provider', value: 'external' };
const USERS = [
  {
    name: 'ops',
    sudo: 'ALL=(ALL) NOPASSWD:ALL',
    shell: '/bin/bash',
    sshAuthorizedKeys: [PUBLIC_KEY],
  },
];

describe('controlPlaneKubeadm', () => {
  it.each<{ reason: string; input: ClusterInput; want: JsonObject }>([
    {
      reason: 'a schedulable control plane has no taint, in init and join',
      input: aCluster('docker', { cloud: { docker: { backend: 'inMemory' } } }),
      want: {
        initConfiguration: { nodeRegistration: { taints: [] } },
        joinConfiguration: { nodeRegistration: { taints: [] } },
        users: USERS,
      },
    },
    {
      reason: 'otherwise kubeadm sets its own taint, and nothing empty is left',
      input: aCluster('docker', {
        cloud: { docker: { backend: 'inMemory' } },
        controlPlane: { schedulable: false },
      }),
      want: { users: USERS },
    },
    {
      reason: 'the docker backend can be reached by the names of the host',
      input: aCluster('docker'),
      want: {
        clusterConfiguration: {
          apiServer: { certSANs: ['localhost', '127.0.0.1', '0.0.0.0', 'host.docker.internal'] },
        },
        initConfiguration: { nodeRegistration: { taints: [] } },
        joinConfiguration: { nodeRegistration: { taints: [] } },
        users: USERS,
      },
    },
    {
      reason: 'AWS has an external cloud provider and names Nodes after their DNS name',
      input: aCluster('aws'),
      want: {
        clusterConfiguration: { controllerManager: { extraArgs: [EXTERNAL] } },
        initConfiguration: {
          nodeRegistration: {
            name: '{{ ds.meta_data.local_hostname }}',
            kubeletExtraArgs: [EXTERNAL],
            taints: [],
          },
        },
        joinConfiguration: {
          nodeRegistration: {
            name: '{{ ds.meta_data.local_hostname }}',
            kubeletExtraArgs: [EXTERNAL],
            taints: [],
          },
        },
        users: USERS,
      },
    },
  ])('$reason', ({ input, want }) => {
    expect(controlPlaneKubeadm(input)).toEqual(want);
  });

  it('waits longer for the load balancer of GCP, and writes its cloud config', () => {
    expect(controlPlaneKubeadm(aCluster('gcp'))).toMatchObject({
      clusterConfiguration: {
        controllerManager: {
          extraArgs: [{ name: 'allocate-node-cidrs', value: 'false' }, EXTERNAL],
        },
      },
      initConfiguration: { timeouts: { controlPlaneComponentHealthCheckSeconds: 1200 } },
      joinConfiguration: { timeouts: { controlPlaneComponentHealthCheckSeconds: 1200 } },
      files: [
        {
          path: '/etc/kubernetes/cloud.config',
          content:
            '[Global]\nproject-id = "my-project"\nnetwork-name = "default"\nmultizone = true\n',
        },
      ],
    });
  });

  it('binds the port of the endpoint where kube-vip carries the address', () => {
    const input = aCluster('vsphere', { controlPlane: { endpoint: { port: 443 } } });

    expect(controlPlaneKubeadm(input)).toMatchObject({
      initConfiguration: { localAPIEndpoint: { bindPort: 443 } },
      joinConfiguration: { controlPlane: { localAPIEndpoint: { bindPort: 443 } } },
    });
  });

  it('makes no user without keys', () => {
    expect(controlPlaneKubeadm({ ...aCluster('aws'), authorizedKeys: [] })).not.toHaveProperty(
      'users',
    );
    expect(controlPlaneKubeadm(aCluster('aws', { ssh: null }))).not.toHaveProperty('users');
  });
});

describe('workerKubeadm', () => {
  const pool = { name: 'a' } as NodePool;

  it.each<{ reason: string; pool: NodePool; want: JsonObject }>([
    {
      reason: 'Nodes know their pool',
      pool,
      want: {
        kubeletExtraArgs: [
          EXTERNAL,
          { name: 'node-labels', value: 'managedcluster.io/node-pool=a' },
        ],
      },
    },
    {
      reason: 'labels that Cluster API would drop go through the kubelet, sorted',
      pool: { ...pool, labels: { 'z.io/b': '2', 'a.io/a': '1', 'node-role.kubernetes.io/x': '' } },
      want: {
        kubeletExtraArgs: [
          EXTERNAL,
          { name: 'node-labels', value: 'a.io/a=1,managedcluster.io/node-pool=a,z.io/b=2' },
        ],
      },
    },
    {
      reason: 'taints go to the registration',
      pool: { ...pool, taints: [{ key: 'gpu', effect: 'NoExecute' }] },
      want: { taints: [{ key: 'gpu', effect: 'NoExecute' }] },
    },
  ])('$reason', ({ pool: given, want }) => {
    expect(workerKubeadm(aCluster('aws'), given)).toMatchObject({
      joinConfiguration: { nodeRegistration: want },
      users: USERS,
    });
  });

  it('has nothing of the control plane', () => {
    const kubeadm = workerKubeadm(aCluster('vsphere'), pool);

    expect(Object.keys(kubeadm)).toEqual(['joinConfiguration', 'users', 'preKubeadmCommands']);
    expect(JSON.stringify(kubeadm)).not.toContain('kube-vip');
  });

  it('leaves out an empty list of taints', () => {
    expect(workerKubeadm(aCluster('aws'), { ...pool, taints: [] })).not.toHaveProperty(
      'joinConfiguration.nodeRegistration.taints',
    );
  });
});
