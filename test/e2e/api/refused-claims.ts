import type { GoodClaim } from './claims.ts';

/** RefusedClaim is a claim that must not be created; `says` is in the message of the API server. */
export interface RefusedClaim extends GoodClaim {
  readonly says: string;
}

/** refusedClaims are the mistakes that the schema catches, each with what the user is told. */
export const refusedClaims: readonly RefusedClaim[] = [
  {
    reason: 'adoption without a way into the cluster',
    example: 'dev',
    change: { adoptFrom: 'old', agent: { kubeconfigSecretRef: null } },
    says: 'spec.adoptFrom needs spec.agent.kubeconfigSecretRef',
  },
  {
    reason: 'an even number of etcd members',
    example: 'dev',
    change: { controlPlane: { replicas: 2 } },
    says: 'controlPlane.replicas: etcd needs an odd number of members, use 1, 3 or 5',
  },
  {
    reason: 'too many etcd members',
    example: 'dev',
    change: { controlPlane: { replicas: 7 } },
    says: 'use 1, 3 or 5',
  },
  {
    reason: 'the block of another cloud',
    example: 'dev',
    change: { cloud: { docker: null, aws: { region: 'eu-west-1' } } },
    says: 'cloud.aws must be set if and only if cloud.provider is aws',
  },
  {
    reason: 'no block, though all its fields have defaults',
    example: 'dev',
    change: { cloud: { docker: null } },
    says: 'cloud.docker must be set if and only if cloud.provider is docker: set the block of the provider, and no other',
  },
  {
    reason: 'no block',
    example: 'aws',
    change: { cloud: { aws: null } },
    says: 'cloud.aws must be set if and only if cloud.provider is aws',
  },
  {
    reason: 'a second block',
    example: 'dev',
    change: { cloud: { gcp: { project: 'p', region: 'r' } } },
    says: 'cloud.gcp must be set if and only if cloud.provider is gcp',
  },
  {
    reason: 'no provider',
    example: 'dev',
    change: { cloud: { provider: null } },
    says: 'spec.cloud.provider: Required value',
  },
  {
    reason: 'an unknown provider',
    example: 'dev',
    change: { cloud: { provider: 'openstack', docker: null } },
    says: 'spec.cloud.provider: Unsupported value: "openstack": supported values:',
  },
  {
    reason: 'Pods and Services share addresses: Services lie in the range of Pods',
    example: 'dev',
    change: { kubernetes: { podCIDRs: ['10.0.0.0/8'] } },
    says: 'kubernetes.podCIDRs 10.0.0.0/8 and kubernetes.serviceCIDRs 10.96.0.0/12 overlap: use ranges that do not overlap',
  },
  {
    reason: 'Pods and Services share addresses: Pods lie in the range of Services',
    example: 'dev',
    change: { kubernetes: { podCIDRs: ['10.100.0.0/16'] } },
    says: 'overlap: use ranges that do not overlap',
  },
  {
    reason: 'the second families overlap',
    example: 'dev',
    change: {
      kubernetes: {
        podCIDRs: ['10.244.0.0/16', 'fd00::/48'],
        serviceCIDRs: ['10.96.0.0/12', 'fd00::1:0/112'],
      },
    },
    says: 'overlap: use ranges that do not overlap',
  },
  {
    reason: 'an address where a range is wanted',
    example: 'dev',
    change: { kubernetes: { podCIDRs: ['10.244.0.0'] } },
    says: 'kubernetes.podCIDRs has 10.244.0.0, which is not a CIDR: use a CIDR such as 10.244.0.0/16',
  },
  {
    reason: 'no CIDR',
    example: 'dev',
    change: { kubernetes: { serviceCIDRs: ['services'] } },
    says: 'kubernetes.serviceCIDRs has services, which is not a CIDR: use a CIDR such as 10.96.0.0/12',
  },
  {
    reason: 'an empty list of ranges',
    example: 'dev',
    change: { kubernetes: { podCIDRs: [] } },
    says: 'spec.kubernetes.podCIDRs',
  },
  {
    reason: 'two ranges of one family',
    example: 'dev',
    change: { kubernetes: { podCIDRs: ['10.1.0.0/16', '10.2.0.0/16'] } },
    says: 'kubernetes.podCIDRs has two ranges of the same IP family',
  },
  {
    reason: 'a version without v',
    example: 'dev',
    change: { kubernetes: { version: '1.35.4' } },
    says: 'kubernetes.version is 1.35.4: use a semantic version with a leading v, for example v1.35.4',
  },
  {
    reason: 'a version without patch',
    example: 'dev',
    change: { kubernetes: { version: 'v1.35' } },
    says: 'kubernetes.version is v1.35: use a semantic version',
  },
  {
    reason: 'no version',
    example: 'dev',
    change: { kubernetes: { version: null } },
    says: 'spec.kubernetes.version: Required value',
  },
  {
    reason: 'two pools of one name',
    example: 'dev',
    change: {
      nodePools: [
        { name: 'a', replicas: 1 },
        { name: 'a', replicas: 2 },
      ],
    },
    says: 'spec.nodePools[1]: Duplicate value',
  },
  {
    reason: 'a pool name that is no DNS label',
    example: 'dev',
    change: { nodePools: [{ name: 'Workers_A', replicas: 1 }] },
    says: 'nodePools[].name must consist of lower-case letters, digits and dashes, for example workers-a',
  },
  {
    reason: 'min above max',
    example: 'dev',
    change: { nodePools: [{ name: 'a', autoscaling: { min: 5, max: 2 } }] },
    says: 'nodePools[a].autoscaling: min is greater than max, use a min that is not greater than max',
  },
  {
    reason: 'a fixed number and autoscaling',
    example: 'dev',
    change: { nodePools: [{ name: 'a', replicas: 1, autoscaling: { min: 1, max: 2 } }] },
    says: 'nodePools[a]: set exactly one of replicas and autoscaling',
  },
  {
    reason: 'neither a number nor autoscaling',
    example: 'dev',
    change: { nodePools: [{ name: 'a' }] },
    says: 'nodePools[a]: set exactly one of replicas and autoscaling',
  },
  {
    reason: 'a roll-out that can not move',
    example: 'dev',
    change: {
      nodePools: [{ name: 'a', replicas: 1, strategy: { maxSurge: 0, maxUnavailable: 0 } }],
    },
    says: 'strategy.maxSurge and maxUnavailable are both 0, so no machine could be replaced: set one of them to 1 or more',
  },
  {
    reason: 'a limit that is no number',
    example: 'dev',
    change: { nodePools: [{ name: 'a', replicas: 1, healthCheck: { maxUnhealthy: 'half' } }] },
    says: 'healthCheck.maxUnhealthy must be a number or a percentage, for example 2 or 40%',
  },
];
