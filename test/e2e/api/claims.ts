import type { JsonObject } from '../../../lib/core/object.ts';

/** Example names the example claim that a row of a table starts from. */
export type Example = 'dev' | 'vsphere' | 'aws' | 'gcp';

/** GoodClaim is a claim that the API server takes; `change` is a merge patch on the example's spec. */
export interface GoodClaim {
  readonly reason: string;
  readonly example: Example;
  readonly change: JsonObject;
}

/** GoodChange is an update that the API server takes, of what `before` makes of the example. */
export interface GoodChange extends GoodClaim {
  readonly before: JsonObject;
}

/** goodClaims show what is allowed at the edge of each rule. */
export const goodClaims: readonly GoodClaim[] = [
  { reason: 'the example itself', example: 'dev', change: {} },
  { reason: 'the example itself', example: 'vsphere', change: {} },
  { reason: 'the example itself', example: 'aws', change: {} },
  { reason: 'the example itself', example: 'gcp', change: {} },
  {
    reason: 'everything that has a default is left out',
    example: 'dev',
    change: {
      controlPlane: null,
      nodePools: null,
      profiles: null,
      cloud: { docker: { backend: null } },
    },
  },
  {
    reason: 'two families',
    example: 'dev',
    change: {
      kubernetes: {
        podCIDRs: ['10.244.0.0/16', 'fd00:10:244::/56'],
        serviceCIDRs: ['10.96.0.0/12', 'fd00:10:96::/112'],
      },
    },
  },
  {
    reason: 'ranges that touch',
    example: 'dev',
    change: { kubernetes: { podCIDRs: ['10.0.0.0/17'], serviceCIDRs: ['10.0.128.0/17'] } },
  },
  {
    reason: 'a pre-release with build metadata',
    example: 'dev',
    change: { kubernetes: { version: 'v1.36.0-rc.1+build.7' } },
  },
  {
    reason: 'a pool of a fixed size by autoscaling',
    example: 'dev',
    change: { nodePools: [{ name: 'a', autoscaling: { min: 3, max: 3 } }] },
  },
  {
    reason: 'OnDelete needs neither surge nor unavailable',
    example: 'dev',
    change: {
      nodePools: [
        { name: 'a', replicas: 1, strategy: { type: 'OnDelete', maxSurge: 0, maxUnavailable: 0 } },
      ],
    },
  },
  { reason: 'no pool at all', example: 'dev', change: { nodePools: [] } },
];

/** goodChanges are updates that must stay possible. */
export const goodChanges: readonly GoodChange[] = [
  { reason: 'nothing changes', example: 'dev', before: {}, change: {} },
  {
    reason: 'the next patch version',
    example: 'dev',
    before: {},
    change: { kubernetes: { version: 'v1.35.5' } },
  },
  {
    reason: 'the next minor version',
    example: 'dev',
    before: {},
    change: { kubernetes: { version: 'v1.36.0' } },
  },
  {
    reason: 'two-digit minors are compared as numbers',
    example: 'dev',
    before: { kubernetes: { version: 'v1.9.11' } },
    change: { kubernetes: { version: 'v1.10.0' } },
  },
  {
    reason: 'from a pre-release to its release',
    example: 'dev',
    before: { kubernetes: { version: 'v1.36.0-rc.1' } },
    change: { kubernetes: { version: 'v1.36.0' } },
  },
  {
    reason: 'scaling both ways',
    example: 'dev',
    before: {},
    change: { controlPlane: { replicas: 1 }, nodePools: [{ name: 'workers', replicas: 5 }] },
  },
  {
    reason: 'defaults that are left out are no change',
    example: 'dev',
    before: {
      kubernetes: {
        podCIDRs: ['10.244.0.0/16'],
        serviceCIDRs: ['10.96.0.0/12'],
        serviceDomain: 'cluster.local',
      },
    },
    change: { kubernetes: { podCIDRs: null, serviceCIDRs: null, serviceDomain: null } },
  },
  {
    reason: 'pools come and go',
    example: 'dev',
    before: {},
    change: { nodePools: [{ name: 'other', replicas: 1 }] },
  },
];
