import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../lib/core/object.ts';
import { problems } from './problems.ts';
import { aCluster } from './testing/clusters.ts';
import type { CloudName } from './testing/claims.ts';

function pool(fields: JsonObject): JsonObject {
  return { nodePools: [{ name: 'workers', replicas: 1, ...fields }] };
}

describe('problems', () => {
  it.each<{ reason: string; cloud: CloudName; patch: JsonObject; want: string }>([
    {
      reason: 'nowhere for Pods',
      cloud: 'docker',
      patch: { controlPlane: { schedulable: false }, nodePools: [] },
      want: 'controlPlane.schedulable is false and there are no nodePools, so no Pod could run',
    },
    {
      reason: 'a pool like the control plane',
      cloud: 'docker',
      patch: pool({ name: 'cp' }),
      want: 'nodePools[cp] has the reserved name of the control plane: choose another name',
    },
    {
      reason: 'a label that a kubelet cannot set',
      cloud: 'docker',
      patch: pool({ labels: { 'app.kubernetes.io/name': 'x' } }),
      want: 'nodePools[workers].labels has app.kubernetes.io/name, which a kubelet cannot set',
    },
    {
      reason: 'a label with an invalid key',
      cloud: 'docker',
      patch: pool({ labels: { 'a b': 'x' } }),
      want: 'nodePools[workers].labels has the key a b, which is not a valid key',
    },
    {
      reason: 'a label with an invalid value',
      cloud: 'docker',
      patch: pool({ labels: { 'example.com/a': 'x,y=z' } }),
      want: 'nodePools[workers].labels has x,y=z for example.com/a, which is not a valid value',
    },
    {
      reason: 'our own label',
      cloud: 'docker',
      patch: pool({ labels: { 'managedcluster.io/node-pool': 'x' } }),
      want: 'nodePools[workers].labels has managedcluster.io/node-pool, which is set automatically',
    },
    {
      reason: 'a taint twice',
      cloud: 'docker',
      patch: pool({
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'b', effect: 'NoSchedule' },
        ],
      }),
      want: 'nodePools[workers].taints has a with effect NoSchedule twice: remove one of them',
    },
    {
      reason: 'an invalid taint',
      cloud: 'docker',
      patch: pool({ taints: [{ key: '-a', effect: 'NoSchedule' }] }),
      want: 'nodePools[workers].taints has -a, which is not a valid taint',
    },
    {
      reason: 'a user that Linux would not take',
      cloud: 'docker',
      patch: { ssh: { user: 'Ops Team' } },
      want: 'ssh.user is Ops Team: use a Linux user name',
    },
    {
      reason: 'an image for a pretended machine',
      cloud: 'docker',
      patch: {
        cloud: { docker: { backend: 'inMemory' } },
        controlPlane: { machine: { image: 'x' } },
      },
      want: 'controlPlane.machine.image is not used by cloud.docker.backend inMemory',
    },
    {
      reason: 'kube-vip with a host name',
      cloud: 'vsphere',
      patch: { controlPlane: { endpoint: { host: 'api.example.com' } } },
      want: 'controlPlane.endpoint.host is api.example.com: kube-vip requires an IP address',
    },
    {
      reason: 'a disk size that is ignored',
      cloud: 'vsphere',
      patch: {
        cloud: { vsphere: { cloneMode: 'linkedClone' } },
        controlPlane: { machine: { diskGiB: 80 } },
      },
      want: 'controlPlane.machine.diskGiB is ignored by linked clones',
    },
    {
      reason: 'no AMI',
      cloud: 'aws',
      patch: { controlPlane: { machine: { image: 'ubuntu' } } },
      want: 'controlPlane.machine.image is ubuntu: use the ID of an AMI',
    },
    {
      reason: 'a zone elsewhere',
      cloud: 'gcp',
      patch: { controlPlane: { failureDomains: ['europe-west1-b'] } },
      want: 'controlPlane.failureDomains has europe-west1-b, which is not a zone of europe-west3',
    },
    {
      reason: 'a label that GCP would not take',
      cloud: 'gcp',
      patch: { cloud: { gcp: { labels: { Owner: 'a' } } } },
      want: 'cloud.gcp.labels has Owner: labels in GCP must consist of lower-case',
    },
    {
      reason: 'an override',
      cloud: 'gcp',
      patch: { overrides: [{ kind: 'Cluster', patch: { spec: { paused: true } } }] },
      want: 'overrides[0].patch changes spec.paused of Cluster',
    },
  ])('finds $reason', ({ cloud, patch, want }) => {
    expect(problems(aCluster(cloud, patch))).toEqual([expect.stringContaining(want)]);
  });

  it.each<{ reason: string; cloud: CloudName; patch: JsonObject }>([
    {
      reason: 'a load balancer of the user',
      cloud: 'vsphere',
      patch: {
        cloud: { vsphere: { kubeVip: { enabled: false } } },
        controlPlane: { endpoint: { host: 'api.example.com' } },
      },
    },
    {
      reason: 'a tainted control plane with a pool',
      cloud: 'docker',
      patch: { controlPlane: { schedulable: false } },
    },
    {
      reason: 'labels that a kubelet may set',
      cloud: 'docker',
      patch: pool({ labels: { 'topology.kubernetes.io/zone': 'a', 'x.node.kubernetes.io/y': '' } }),
    },
    {
      reason: 'the same taint with two effects',
      cloud: 'docker',
      patch: pool({
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', effect: 'NoExecute' },
        ],
      }),
    },
  ])('takes $reason', ({ cloud, patch }) => {
    expect(problems(aCluster(cloud, patch))).toEqual([]);
  });

  it.each([
    { reason: 'a dot', cloud: 'docker', name: 'a.b', want: 'the name of the cluster would be a.b' },
    { reason: '64 characters', cloud: 'docker', name: 'a'.repeat(64), want: 'at most 63' },
    { reason: 'a digit first, in GCP', cloud: 'gcp', name: '1a', want: 'starting with a letter' },
    {
      reason: 'names of instance groups in GCP',
      cloud: 'gcp',
      name: 'a'.repeat(39),
      want: 'at most 38 characters',
    },
  ] as const)('refuses a name with $reason', ({ cloud, name, want }) => {
    expect(problems({ ...aCluster(cloud), name })).toEqual([expect.stringContaining(want)]);
  });

  it.each([
    {
      reason: 'a private key',
      key: '-----BEGIN OPENSSH PRIVATE KEY-----\nabc',
      want: 'public key 1 of ssh is not a public key',
    },
    {
      reason: 'a key with a line break',
      key: 'ssh-rsa AAAA\nssh-rsa BBBB',
      want: 'public key 1 of ssh is not a public key',
    },
    {
      reason: 'options before the key',
      key: 'command="x" ssh-rsa AAAA',
      want: 'public key 1 of ssh is not a public key',
    },
    {
      reason: 'a key that kubeadm would refuse',
      key: `ssh-rsa ${'A'.repeat(2100)}`,
      want: 'longer than 2048 characters',
    },
  ])('refuses $reason, without repeating it', ({ key, want }) => {
    const found = problems({ ...aCluster('docker'), authorizedKeys: [key] });

    expect(found).toEqual([expect.stringContaining(want)]);
    expect(found.join()).not.toContain(key.slice(0, 20));
  });
});
