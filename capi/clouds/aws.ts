import {
  dictionary,
  flag,
  immutable,
  integer,
  list,
  object,
  text,
  type Rule,
} from '../../lib/apis/schema/schema.ts';
import type { JsonObject } from '../../lib/core/object.ts';
import {
  blockOf,
  machineOf,
  machines,
  type Cloud,
  type ClusterInput,
  type KubeadmParts,
  type Role,
} from '../cloud.ts';
import { credentials, credentialsNamedBy, identityFor } from './aws-credentials.ts';
import {
  endpointMade,
  identityKinds,
  identityStays,
  machineNeeds,
  noControlPlaneFailureDomains,
} from './spec-rules.ts';

const API_VERSION = 'infrastructure.cluster.x-k8s.io/v1beta2';
const AMI = /^ami-[0-9a-f]{8,17}$/;

/** An absent name means a key pair that is called "default"; SSH keys go through cloud-init here. */
const NO_KEY_PAIR = '';

const port = { minimum: -1, maximum: 65535 };

const cniIngressRule = object(
  'Traffic between machines that the CNI needs.',
  {
    description: text('What the traffic is.'),
    protocol: text('Protocol: a name, or -1 for all, 4 for IP in IP, 50 for ESP.', {
      enum: ['-1', '4', '50', '58', 'tcp', 'udp', 'icmp'],
    }),
    fromPort: integer('First port.', port),
    toPort: integer('Last port.', port),
  },
  { required: ['description', 'protocol', 'fromPort', 'toPort'] },
);

const claimBlock = object(
  'Instances of AWS EC2. Reads machine.type, machine.image (an AMI id; default: looked up by version, which is not for production) and machine.diskGiB. cloud.identityRef is an AWSClusterRoleIdentity, AWSClusterStaticIdentity or AWSClusterControllerIdentity.',
  {
    region: text('Region, for example eu-west-1.', {
      maxLength: 32,
      rules: [immutable('cloud.aws.region')],
    }),
    vpcID: text('An existing VPC. Default: one is made, with subnets in up to three zones.', {
      maxLength: 64,
      rules: [immutable('cloud.aws.vpcID')],
    }),
    subnetIDs: list('Subnets of the VPC; they decide the zones.', text('Id.', { maxLength: 64 }), {
      maxItems: 16,
    }),
    loadBalancerScheme: text('Whether the API server can be reached from the internet.', {
      enum: ['internet-facing', 'internal'],
      default: 'internet-facing',
      rules: [immutable('cloud.aws.loadBalancerScheme')],
    }),
    cniIngressRules: list(
      'Security group rules for the CNI. Default: those of Calico with BGP and IP in IP; Cilium needs udp 8472 and tcp 4240.',
      cniIngressRule,
      { maxItems: 32 },
    ),
    controlPlaneInstanceProfile: text('IAM instance profile of control plane machines.', {
      default: 'control-plane.cluster-api-provider-aws.sigs.k8s.io',
      maxLength: 128,
    }),
    nodeInstanceProfile: text('IAM instance profile of the machines of node pools.', {
      default: 'nodes.cluster-api-provider-aws.sigs.k8s.io',
      maxLength: 128,
    }),
    volumeType: text('Type of the root volume, where machine.diskGiB is written.', {
      enum: ['gp2', 'gp3'],
      default: 'gp3',
    }),
    insecureSkipSecretsManager: flag(
      'Hand bootstrap data over in user data instead of the AWS Secrets Manager: needed by images that image-builder did not make.',
      { default: false },
    ),
    tags: dictionary(
      'Tags for everything that is made.',
      text('Value of the tag.', { maxLength: 256 }),
      { maxProperties: 40 },
    ),
  },
  {
    required: ['region'],
    rules: [
      {
        rule: 'has(self.vpcID) == has(self.subnetIDs)',
        message:
          'cloud.aws.vpcID and cloud.aws.subnetIDs go together: write both for an existing VPC, or none',
      },
    ],
  },
);

const specRules: readonly Rule[] = [
  endpointMade('aws'),
  ...machineNeeds('aws', { name: 'type', write: 'a machine type, for example m6i.large' }),
  ...identityKinds('aws', {
    kinds: ['AWSClusterRoleIdentity', 'AWSClusterStaticIdentity', 'AWSClusterControllerIdentity'],
  }),
  identityStays('aws', false),
  noControlPlaneFailureDomains('aws', 'the subnets decide, write cloud.aws.subnetIDs'),
];

function infrastructureClusterSpec(input: ClusterInput): JsonObject {
  const { region, vpcID, subnetIDs = [], cniIngressRules, ...block } = blockOf(input, 'aws');
  const { identityRef } = input.spec.cloud;
  return {
    region,
    sshKeyName: NO_KEY_PAIR,
    identityRef:
      identityRef === undefined ? undefined : { kind: identityRef.kind, name: identityRef.name },
    controlPlaneLoadBalancer: {
      loadBalancerType: 'nlb',
      healthCheckProtocol: 'HTTPS',
      scheme: block.loadBalancerScheme,
    },
    network: {
      vpc: { id: vpcID },
      subnets: subnetIDs.map((id) => ({ id })),
      cni: { cniIngressRules: cniIngressRules?.map((rule) => ({ ...rule })) },
    },
    additionalTags: block.tags,
  };
}

function machineSpec(input: ClusterInput, role: Role): JsonObject {
  const block = blockOf(input, 'aws');
  const { type, image, diskGiB } = machineOf(input, role);
  return {
    instanceType: type,
    iamInstanceProfile:
      role.kind === 'ControlPlane' ? block.controlPlaneInstanceProfile : block.nodeInstanceProfile,
    sshKeyName: NO_KEY_PAIR,
    ami: { id: image },
    rootVolume: diskGiB === undefined ? undefined : { size: diskGiB, type: block.volumeType },
    // IMDSv2 only; two hops, so that Pods reach it through the bridge of the CNI.
    instanceMetadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2 },
    cloudInit: block.insecureSkipSecretsManager ? { insecureSkipSecretsManager: true } : undefined,
  };
}

function kubeadmParts(_input: ClusterInput, role: Role): KubeadmParts {
  const external = { 'cloud-provider': 'external' };
  return {
    nodeName: '{{ ds.meta_data.local_hostname }}',
    kubeletExtraArgs: external,
    ...(role.kind === 'ControlPlane' ? { controllerManagerExtraArgs: external } : {}),
  };
}

function problems(input: ClusterInput): readonly string[] {
  return machines(input)
    .filter(({ machine: { image } }) => image !== undefined && !AMI.test(image))
    .map(
      ({ path, machine }) =>
        `${path}.image is ${machine.image}: write the id of an AMI, for example ami-0123456789abcdef0`,
    );
}

/** aws is CAPA v2.11 with EC2 and kubeadm. */
export const aws: Cloud = {
  block: claimBlock,
  specRules,
  infrastructureCluster: { apiVersion: API_VERSION, kind: 'AWSCluster' },
  machineTemplate: { apiVersion: API_VERSION, kind: 'AWSMachineTemplate' },
  machineFields: ['type', 'image', 'diskGiB'],
  infrastructureClusterSpec,
  machineSpec,
  kubeadmParts,
  credentials,
  credentialsNamedBy,
  identityFor,
  problems,
};
