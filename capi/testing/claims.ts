import type { JsonObject } from '../../lib/core/object.ts';
import type { clouds } from '../clouds/index.ts';

/** CloudName is the name of a registered cloud. */
export type CloudName = keyof typeof clouds;

const TEMPLATE = { image: 'ubuntu-2404-kube-v1.35.4' };
const GCP_IMAGE = { image: 'projects/my-project/global/images/ubuntu-2404-v1-35-4' };

/** SMALLEST are minimal valid claims with one pool, without the fields that all clouds share. */
export const SMALLEST: Readonly<Record<CloudName, JsonObject>> = {
  docker: {
    cloud: { provider: 'docker', docker: {} },
    nodePools: [{ name: 'workers', replicas: 2 }],
  },
  vsphere: {
    cloud: {
      provider: 'vsphere',
      identityRef: { name: 'vcenter' },
      vsphere: {
        server: 'vcenter.example.com',
        thumbprint: 'AA:BB:CC:DD',
        datacenter: 'DC0',
        network: 'VM Network',
      },
    },
    controlPlane: { machine: TEMPLATE, endpoint: { host: '192.0.2.10' } },
    nodePools: [{ name: 'workers', replicas: 2, machine: { ...TEMPLATE, cpus: 4 } }],
  },
  aws: {
    cloud: {
      provider: 'aws',
      identityRef: { kind: 'AWSClusterRoleIdentity', name: 'account-1' },
      aws: { region: 'eu-west-1' },
    },
    controlPlane: { machine: { type: 'm6i.large' } },
    nodePools: [{ name: 'workers', replicas: 2, machine: { type: 'm6i.xlarge' } }],
  },
  gcp: {
    cloud: {
      provider: 'gcp',
      identityRef: { name: 'gcp-credentials' },
      gcp: { project: 'my-project', region: 'europe-west3' },
    },
    controlPlane: { machine: { ...GCP_IMAGE, type: 'n2-standard-2' } },
    nodePools: [{ name: 'workers', replicas: 2, machine: { ...GCP_IMAGE, type: 'n2-standard-4' } }],
  },
};

/** FULLEST are patches for the minimal claims that set every field, both neutral and cloud-specific. */
export const FULLEST: Readonly<Record<CloudName, JsonObject>> = {
  docker: full({
    machine: { image: 'kindest/node:v1.35.4' },
    controlPlane: { failureDomains: ['fd1', 'fd2'] },
    cloud: {
      docker: {
        backend: 'docker',
        socket: '/run/docker.sock',
        bootstrapTimeout: '10m',
        preLoadImages: ['registry.example.com/agent:v1'],
        loadBalancer: { imageRepository: 'registry.example.com', imageTag: 'v1' },
      },
    },
  }),
  vsphere: full({
    machine: { ...TEMPLATE, cpus: 4, memoryMiB: 8192, diskGiB: 80 },
    controlPlane: { endpoint: { host: '2001:db8::10', port: 443 } },
    cloud: {
      identityRef: { kind: 'VSphereClusterIdentity', name: 'dc1' },
      vsphere: {
        datastore: 'ds1',
        storagePolicyName: 'gold',
        folder: 'vm/k8s',
        resourcePool: '*/Resources',
        addressPool: { name: 'pool', nameservers: ['192.0.2.1'] },
        tagIDs: ['urn:vmomi:InventoryServiceTag:1:GLOBAL'],
        failureDomainLabels: { env: 'prod' },
        powerOffTimeoutSeconds: 300,
        kubeVip: { interface: 'eth0' },
      },
    },
  }),
  aws: full({
    machine: { type: 'm6i.large', image: 'ami-0123456789abcdef0', diskGiB: 80 },
    controlPlane: {},
    cloud: {
      aws: {
        vpcID: 'vpc-1',
        subnetIDs: ['subnet-1', 'subnet-2'],
        loadBalancerScheme: 'internal',
        cniIngressRules: [{ description: 'vxlan', protocol: 'udp', fromPort: 8472, toPort: 8472 }],
        insecureSkipSecretsManager: true,
        tags: { owner: 'team-a' },
      },
    },
  }),
  gcp: full({
    machine: { ...GCP_IMAGE, type: 'n2-standard-4', diskGiB: 80 },
    controlPlane: { failureDomains: ['europe-west3-a', 'europe-west3-b'] },
    cloud: {
      gcp: {
        network: 'net',
        subnet: 'sub',
        loadBalancerType: 'Internal',
        publicIP: true,
        diskType: 'pd-ssd',
        serviceAccount: 'nodes@my-project.iam.gserviceaccount.com',
        networkTags: ['web'],
        labels: { owner: 'team-a' },
      },
    },
  }),
};

interface Full {
  readonly machine: JsonObject;
  readonly controlPlane: JsonObject;
  readonly cloud: JsonObject;
}

function full({ machine, controlPlane, cloud }: Full): JsonObject {
  return {
    kubernetes: {
      podCIDRs: ['10.0.0.0/16', 'fd00::/48'],
      serviceCIDRs: ['10.96.0.0/16', 'fd01::/112'],
      serviceDomain: 'corp.local',
    },
    cloud,
    controlPlane: { ...controlPlane, replicas: 3, schedulable: false, machine },
    nodePools: [elastic(machine), { ...plain(machine), failureDomain: 'europe-west3-a' }],
    certificates: { renewBeforeDays: 60 },
  };
}

function elastic(machine: JsonObject): JsonObject {
  return {
    name: 'gpu',
    autoscaling: { min: 0, max: 5 },
    machine,
    labels: { 'example.com/tier': 'gpu', 'node-role.kubernetes.io/gpu': '' },
    taints: [
      { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
      { key: 'slow', effect: 'PreferNoSchedule' },
    ],
    strategy: { type: 'OnDelete' },
    healthCheck: { maxUnhealthy: '2' },
  };
}

function plain(machine: JsonObject): JsonObject {
  return {
    name: 'web',
    replicas: 3,
    machine,
    strategy: { maxSurge: 0, maxUnavailable: 1 },
    healthCheck: { enabled: false },
  };
}
