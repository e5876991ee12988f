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
import { credentials, credentialsNamedBy, identityFor, isOfController } from './aws-credentials.ts';
import { machineKinds } from './machine-kinds.ts';
import {
  endpointMade,
  identityKinds,
  identityStays,
  machineNeeds,
  noControlPlaneFailureDomains,
} from './spec-rules.ts';

const API_VERSION = 'infrastructure.cluster.x-k8s.io/v1beta2';
const AMI = /^ami-[0-9a-f]{8,17}$/;

/** Without a name, CAPA uses a key pair named "default"; SSH keys are set by cloud-init instead. */
const NO_KEY_PAIR = '';

const port = { minimum: -1, maximum: 65535 };

const cniIngressRule = object(
  'A security group rule for traffic between machines that the CNI needs.',
  {
    description: text('Description of the rule.'),
    protocol: text('Protocol: a name, -1 for all, 4 for IP in IP, or 50 for ESP.', {
      enum: ['-1', '4', '50', '58', 'tcp', 'udp', 'icmp'],
    }),
    fromPort: integer('First port.', port),
    toPort: integer('Last port.', port),
  },
  { required: ['description', 'protocol', 'fromPort', 'toPort'] },
);

const claimBlock = object(
  'AWS EC2 instances. Reads machine.type, machine.image (an AMI ID; default: an AMI looked up by version, not recommended for production) and machine.diskGiB. cloud.identityRef is an AWSClusterRoleIdentity, AWSClusterStaticIdentity or AWSClusterControllerIdentity.',
  {
    region: text('Region, for example eu-west-1.', {
      maxLength: 32,
      rules: [immutable('cloud.aws.region')],
    }),
    vpcID: text(
      'ID of an existing VPC. Default: a VPC is created, with subnets in up to three zones.',
      {
        maxLength: 64,
        rules: [immutable('cloud.aws.vpcID')],
      },
    ),
    subnetIDs: list(
      'IDs of subnets of the VPC; they determine the zones.',
      text('ID of a subnet.', { maxLength: 64 }),
      {
        maxItems: 16,
      },
    ),
    loadBalancerScheme: text('Whether the API server is reachable from the internet.', {
      enum: ['internet-facing', 'internal'],
      default: 'internet-facing',
      rules: [immutable('cloud.aws.loadBalancerScheme')],
    }),
    cniIngressRules: list(
      'Security group rules for the CNI. Default: the rules of Calico with BGP and IP in IP; Cilium needs udp 8472 and tcp 4240.',
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
    volumeType: text('Type of the root volume, used if machine.diskGiB is set.', {
      enum: ['gp2', 'gp3'],
      default: 'gp3',
    }),
    insecureSkipSecretsManager: flag(
      'Pass bootstrap data in user data instead of AWS Secrets Manager; required for images that were not built with image-builder.',
      { default: false },
    ),
    tags: dictionary(
      'Tags of all created resources.',
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
          'cloud.aws.vpcID and cloud.aws.subnetIDs must be set together: set both for an existing VPC, or neither',
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
  noControlPlaneFailureDomains('aws', 'the subnets determine them, set cloud.aws.subnetIDs'),
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
    // IMDSv2 only; two hops, so that Pods can reach it through the bridge of the CNI.
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
        `${path}.image is ${machine.image}: use the ID of an AMI, for example ami-0123456789abcdef0`,
    );
}

const MACHINE_PINNED = [
  'iamInstanceProfile',
  'subnet',
  'additionalSecurityGroups',
  'securityGroupOverrides',
  'networkInterfaces',
];
const MACHINE_BOUNDED = ['iamInstanceProfile', 'networkInterfaces'];

/** CAPA deletes the instance with the ID of the machine, and the bucket and the VPC of the cluster by name. */
const infrastructureKinds = {
  AWSCluster: {
    ownedBy: [],
    pinned: [
      'spec.identityRef',
      'spec.region',
      'spec.partition',
      'spec.network.vpc',
      'spec.network.subnets',
      'spec.controlPlaneEndpoint',
      'spec.controlPlaneLoadBalancer',
      'spec.secondaryControlPlaneLoadBalancer',
      'spec.s3Bucket',
      'spec.bastion',
      'status.networkStatus',
      'status.failureDomains',
    ],
  },
  ...machineKinds('AWS', {
    pinned: MACHINE_PINNED,
    bounded: MACHINE_BOUNDED,
    identity: ['providerID', 'instanceID'],
  }),
};

/** aws is CAPA v2.11 with EC2 and kubeadm. */
export const aws: Cloud = {
  block: claimBlock,
  specRules,
  infrastructureCluster: { apiVersion: API_VERSION, kind: 'AWSCluster' },
  machineTemplate: { apiVersion: API_VERSION, kind: 'AWSMachineTemplate' },
  infrastructureKinds,
  machineFields: ['type', 'image', 'diskGiB'],
  infrastructureClusterSpec,
  machineSpec,
  kubeadmParts,
  credentials,
  isOfController,
  credentialsNamedBy,
  identityFor,
  problems,
};
