import type { GoodChange } from './claims.ts';

/** RefusedChange is an update that must be refused; `says` is in the message of the API server. */
export interface RefusedChange extends GoodChange {
  readonly says: string;
}

/** refusedChanges are what may not change after creation, and how versions move. */
export const refusedChanges: readonly RefusedChange[] = [
  {
    reason: 'adoption in the middle of a creation',
    example: 'dev',
    before: { agent: { kubeconfigSecretRef: { name: 'way-in' } } },
    change: { adoptFrom: 'old' },
    says: 'spec.adoptFrom cannot be changed: delete this object and create it again',
  },
  {
    reason: 'creation instead of an adoption',
    example: 'dev',
    before: { adoptFrom: 'old', agent: { kubeconfigSecretRef: { name: 'way-in' } } },
    change: { adoptFrom: null },
    says: 'spec.adoptFrom cannot be changed',
  },
  {
    reason: 'an older minor',
    example: 'dev',
    before: {},
    change: { kubernetes: { version: 'v1.34.9' } },
    says: 'kubernetes.version cannot be changed from v1.35.4 to v1.34.9: Kubernetes does not support downgrades, use v1.35.4 or a later version',
  },
  {
    reason: 'an older patch',
    example: 'dev',
    before: {},
    change: { kubernetes: { version: 'v1.35.3' } },
    says: 'kubernetes.version cannot be changed from v1.35.4 to v1.35.3',
  },
  {
    reason: 'a skipped minor',
    example: 'dev',
    before: {},
    change: { kubernetes: { version: 'v1.37.0' } },
    says: 'kubernetes.version cannot skip minor versions from v1.35.4 to v1.37.0: upgrade one minor version at a time',
  },
  {
    reason: 'another major',
    example: 'dev',
    before: {},
    change: { kubernetes: { version: 'v2.0.0' } },
    says: 'kubernetes.version cannot skip minor versions from v1.35.4 to v2.0.0',
  },
  {
    reason: 'another cloud',
    example: 'dev',
    before: {},
    change: {
      cloud: { provider: 'gcp', docker: null, gcp: { project: 'p', region: 'europe-west3' } },
    },
    says: 'cloud.provider cannot be changed after creation: create a new ManagedCluster instead',
  },
  {
    reason: 'other addresses for Pods',
    example: 'dev',
    before: {},
    change: { kubernetes: { podCIDRs: ['10.200.0.0/16'] } },
    says: 'kubernetes.podCIDRs cannot be changed after creation',
  },
  {
    reason: 'a second family for Services',
    example: 'dev',
    before: {},
    change: { kubernetes: { serviceCIDRs: ['10.96.0.0/12', 'fd00::/112'] } },
    says: 'kubernetes.serviceCIDRs cannot be changed after creation',
  },
  {
    reason: 'another DNS domain',
    example: 'dev',
    before: {},
    change: { kubernetes: { serviceDomain: 'example.local' } },
    says: 'kubernetes.serviceDomain cannot be changed after creation',
  },
  {
    reason: 'another address of the API server',
    example: 'vsphere',
    before: {},
    change: { controlPlane: { endpoint: { host: '10.20.0.11' } } },
    says: 'controlPlane.endpoint cannot be changed after creation',
  },
  {
    reason: 'another vCenter',
    example: 'vsphere',
    before: {},
    change: { cloud: { vsphere: { server: 'vcenter2.example.org' } } },
    says: 'cloud.vsphere.server cannot be changed after creation',
  },
  {
    reason: 'another region',
    example: 'aws',
    before: {},
    change: { cloud: { aws: { region: 'eu-central-1' } } },
    says: 'cloud.aws.region cannot be changed after creation',
  },
  {
    reason: 'a VPC that comes later: the rule of a field does not see that it is added',
    example: 'aws',
    before: {},
    change: { cloud: { aws: { vpcID: 'vpc-1', subnetIDs: ['subnet-1'] } } },
    says: 'cloud.aws.vpcID cannot be changed after creation',
  },
  {
    reason: 'a VPC that goes: the rule of a field does not see that it is removed',
    example: 'aws',
    before: { cloud: { aws: { vpcID: 'vpc-1', subnetIDs: ['subnet-1'] } } },
    change: { cloud: { aws: { vpcID: null, subnetIDs: null } } },
    says: 'cloud.aws.vpcID cannot be changed after creation',
  },
  {
    reason: 'another project',
    example: 'gcp',
    before: {},
    change: { cloud: { gcp: { project: 'other' } } },
    says: 'cloud.gcp.project cannot be changed after creation',
  },
  {
    reason: 'another kind of pretended machine',
    example: 'dev',
    before: {},
    change: { cloud: { docker: { backend: 'docker' } } },
    says: 'cloud.docker.backend cannot be changed after creation',
  },
  {
    reason: 'another identity',
    example: 'gcp',
    before: {},
    change: { cloud: { identityRef: { name: 'other' } } },
    says: 'cloud.identityRef cannot be changed after creation',
  },
];
