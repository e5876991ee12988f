import type { RefusedClaim } from './refused-claims.ts';

/** refusedDetails are the mistakes in the less used fields, and in the clouds. */
export const refusedDetails: readonly RefusedClaim[] = [
  {
    reason: 'keys twice',
    example: 'dev',
    change: { ssh: { authorizedKeys: ['ssh-ed25519 AAAA me'], secretRef: { name: 'keys' } } },
    says: 'ssh: set exactly one of authorizedKeys and secretRef',
  },
  {
    reason: 'no keys',
    example: 'dev',
    change: { ssh: { user: 'capi' } },
    says: 'ssh: set exactly one of authorizedKeys and secretRef',
  },
  {
    reason: 'a variable with two values',
    example: 'dev',
    change: {
      profiles: [
        {
          name: 'base',
          version: '1.0.0',
          variables: [{ name: 'x', value: '1', secretKeyRef: { name: 's', key: 'k' } }],
        },
      ],
    },
    says: 'profiles[].variables[x]: set exactly one of value and secretKeyRef',
  },
  {
    reason: 'a variable without a value',
    example: 'dev',
    change: { profiles: [{ name: 'base', version: '1.0.0', variables: [{ name: 'x' }] }] },
    says: 'profiles[].variables[x]: set exactly one of value and secretKeyRef',
  },
  {
    reason: 'a profile twice',
    example: 'dev',
    change: {
      profiles: [
        { name: 'base', version: '1.0.0' },
        { name: 'base', version: '1.1.0' },
      ],
    },
    says: 'spec.profiles[1]: Duplicate value',
  },
  {
    reason: 'an unknown field',
    example: 'dev',
    change: { controlPlane: { replica: 3 } },
    says: 'unknown field "spec.controlPlane.replica"',
  },
  {
    reason: 'a line feed in a text that is written into a file',
    example: 'gcp',
    change: { cloud: { gcp: { network: 'default"\nevil = "x' } } },
    says: 'cloud.gcp.network must be a name in GCP, for example default',
  },
  {
    reason: 'a control character in any text of a cloud',
    example: 'aws',
    change: { cloud: { aws: { nodeInstanceProfile: 'a\nb' } } },
    says: 'spec.cloud.aws.nodeInstanceProfile',
  },
  {
    reason: 'a path of the host that is no socket',
    example: 'dev',
    change: { cloud: { docker: { socket: '/' } } },
    says: 'cloud.docker.socket must be the path of a socket below /var/run or /run',
  },
  {
    reason: 'an unknown field in the block of a cloud',
    example: 'aws',
    change: { cloud: { aws: { zone: 'a' } } },
    says: 'unknown field "spec.cloud.aws.zone"',
  },
  {
    reason: 'a number as text',
    example: 'dev',
    change: { controlPlane: { replicas: '3' } },
    says: 'spec.controlPlane.replicas',
  },
  {
    reason: 'an unknown deletion policy',
    example: 'dev',
    change: { deletionPolicy: 'Keep' },
    says: 'spec.deletionPolicy: Unsupported value: "Keep": supported values: "Delete", "Orphan"',
  },
  {
    reason: 'nobody makes an address for the API server',
    example: 'vsphere',
    change: { controlPlane: { endpoint: null } },
    says: 'controlPlane.endpoint is missing: cloud.provider vsphere does not create an endpoint for the API server, set the host',
  },
  {
    reason: 'the cloud makes the address',
    example: 'aws',
    change: { controlPlane: { endpoint: { host: '10.0.0.1' } } },
    says: 'controlPlane.endpoint is created by the cloud if cloud.provider is aws: remove it',
  },
  {
    reason: 'no machine type for the control plane',
    example: 'aws',
    change: { controlPlane: { machine: { type: null } } },
    says: 'controlPlane.machine.type is missing: cloud.provider aws requires it, set a machine type, for example m6i.large',
  },
  {
    reason: 'no machine type for a pool',
    example: 'aws',
    change: { nodePools: [{ name: 'a', replicas: 1 }] },
    says: 'nodePools[].machine.type is missing: cloud.provider aws requires it',
  },
  {
    reason: 'no image',
    example: 'gcp',
    change: { controlPlane: { machine: { image: null } } },
    says: 'controlPlane.machine.image is missing: cloud.provider gcp requires it',
  },
  {
    reason: 'an identity of another cloud',
    example: 'aws',
    change: { cloud: { identityRef: { kind: 'VSphereClusterIdentity' } } },
    says: 'cloud.identityRef.kind must be AWSClusterRoleIdentity or AWSClusterStaticIdentity or AWSClusterControllerIdentity if cloud.provider is aws',
  },
  {
    reason: 'a vCenter that nobody checks',
    example: 'vsphere',
    change: { cloud: { vsphere: { thumbprint: null } } },
    says: 'cloud.vsphere.thumbprint is missing',
  },
  {
    reason: 'no region',
    example: 'aws',
    change: { cloud: { aws: { region: null } } },
    says: 'spec.cloud.aws.region: Required value',
  },
];
