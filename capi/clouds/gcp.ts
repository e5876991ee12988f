import {
  dictionary,
  flag,
  immutable,
  list,
  object,
  text,
  type Rule,
} from '../../lib/apis/schema/schema.ts';
import type { GcpCloud } from '../../lib/apis/managed-cluster.generated.ts';
import { LONGEST_NAME } from '../../lib/core/names.ts';
import type { JsonObject } from '../../lib/core/object.ts';
import {
  blockOf,
  machineOf,
  SECRET,
  type Cloud,
  type ClusterInput,
  type CredentialRef,
  type IdentityRef,
  type KubeadmParts,
  type Role,
} from '../cloud.ts';
import { machineKinds } from './machine-kinds.ts';
import { endpointMade, identityKinds, identityStays, machineNeeds } from './spec-rules.ts';

const API_VERSION = 'infrastructure.cluster.x-k8s.io/v1beta1';
const LABEL_KEY = /^[a-z][-_a-z0-9]{0,62}$/;
const LABEL_VALUE = /^[-_a-z0-9]{0,63}$/;

/** These are written into the file cloud.config of the machines. */
function named(field: string, pattern: string, example: string): Rule {
  return {
    rule: `self.matches('${pattern}')`,
    message: `cloud.gcp.${field} must be a name in GCP, for example ${example}`,
  };
}

const claimBlock = object(
  'Google Compute Engine instances. Reads machine.type, machine.image (path of an image or of an image family) and machine.diskGiB; controlPlane.failureDomains are zones. cloud.identityRef is a Secret with the key credentials.',
  {
    project: text('ID of the project.', {
      maxLength: 63,
      rules: [
        immutable('cloud.gcp.project'),
        named('project', '^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$', 'my-project'),
      ],
    }),
    region: text('Region, for example europe-west3.', {
      maxLength: 32,
      rules: [immutable('cloud.gcp.region'), named('region', '^[a-z0-9-]+$', 'europe-west3')],
    }),
    network: text('VPC network; it is created, with Cloud NAT, if it does not exist.', {
      default: 'default',
      maxLength: 63,
      rules: [
        immutable('cloud.gcp.network'),
        named('network', '^[a-z]([-a-z0-9]*[a-z0-9])?$', 'default'),
      ],
    }),
    subnet: text('Subnet of the machines. Default: the subnet of the network in the region.', {
      maxLength: 63,
    }),
    loadBalancerType: text('Type of the load balancer of the API server.', {
      enum: ['External', 'Internal', 'InternalExternal'],
      default: 'External',
      rules: [immutable('cloud.gcp.loadBalancerType')],
    }),
    publicIP: flag(
      'Whether machines have a public IP address; required in an existing network without Cloud NAT.',
      { default: false },
    ),
    diskType: text('Type of the root disk.', {
      enum: ['pd-standard', 'pd-ssd', 'pd-balanced', 'hyperdisk-balanced'],
      default: 'pd-balanced',
    }),
    serviceAccount: text(
      'Service account of the machines. Default: the service account of the project.',
      {
        maxLength: 128,
      },
    ),
    networkTags: list('Network tags of the machines.', text('A tag.', { maxLength: 63 }), {
      maxItems: 32,
    }),
    labels: dictionary(
      'Labels of all created resources.',
      text('Value of the label.', { maxLength: 63 }),
      { maxProperties: 32 },
    ),
  },
  { required: ['project', 'region'] },
);

const specRules: readonly Rule[] = [
  endpointMade('gcp'),
  ...machineNeeds('gcp', { name: 'type', write: 'a machine type, for example n2-standard-4' }),
  ...machineNeeds('gcp', {
    name: 'image',
    write: 'the path of an image, for example projects/my-project/global/images/my-image',
  }),
  ...identityKinds('gcp', { kinds: ['Secret'], preset: 'Secret' }),
  identityStays('gcp', true),
];

function infrastructureClusterSpec(input: ClusterInput): JsonObject {
  const { project, region, network, loadBalancerType, labels } = blockOf(input, 'gcp');
  const { controlPlane, cloud } = input.spec;
  return {
    project,
    region,
    network: { name: network },
    failureDomains: controlPlane.failureDomains,
    credentialsRef:
      cloud.identityRef === undefined
        ? undefined
        : { namespace: input.namespace, name: cloud.identityRef.name },
    loadBalancer: { loadBalancerType },
    additionalLabels: labels,
  };
}

function machineSpec(input: ClusterInput, role: Role): JsonObject {
  const { diskType, publicIP, subnet, serviceAccount, networkTags } = blockOf(input, 'gcp');
  const { type, image, diskGiB } = machineOf(input, role);
  return {
    instanceType: type,
    image,
    rootDeviceSize: diskGiB,
    rootDeviceType: diskType,
    publicIP,
    subnet,
    serviceAccounts:
      serviceAccount === undefined
        ? undefined
        : { email: serviceAccount, scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
    additionalNetworkTags: networkTags,
  };
}

function kubeadmParts(input: ClusterInput, role: Role): KubeadmParts {
  const machine: KubeadmParts = {
    nodeName: '{{ ds.meta_data.local_hostname.split(".")[0] }}',
    kubeletExtraArgs: { 'cloud-provider': 'external' },
  };
  if (role.kind === 'Worker') return machine;
  return {
    ...machine,
    controllerManagerExtraArgs: { 'cloud-provider': 'external', 'allocate-node-cidrs': 'false' },
    // The global load balancer answers minutes after the machine does.
    componentTimeoutSeconds: 1200,
    files: [cloudConfig(blockOf(input, 'gcp'))],
  };
}

/** cloudConfig is read by the cloud controller manager (--cloud-config). */
function cloudConfig({ project, network }: GcpCloud): JsonObject {
  return {
    path: '/etc/kubernetes/cloud.config',
    owner: 'root:root',
    permissions: '0744',
    content: `[Global]\nproject-id = "${project}"\nnetwork-name = "${network}"\nmultizone = true\n`,
  };
}

function credentials({ name }: IdentityRef, namespace: string): readonly CredentialRef[] {
  return [{ ...SECRET, namespace, name }];
}

function problems(input: ClusterInput): readonly string[] {
  return [...nameProblems(input), ...zoneProblems(input), ...labelProblems(input)];
}

/** CAPG v1.12 names instance groups <cluster>-apiserver-<zone>; names in GCP follow RFC 1035. */
function nameProblems(input: ClusterInput): readonly string[] {
  const { region } = blockOf(input, 'gcp');
  const longest = LONGEST_NAME - '-apiserver-'.length - `${region}-a`.length;
  return /^[a-z]/.test(input.name) && input.name.length <= longest
    ? []
    : [
        `the name of the cluster would be ${input.name}: in GCP, use at most ${longest} characters, starting with a letter`,
      ];
}

function zoneProblems(input: ClusterInput): readonly string[] {
  const { region } = blockOf(input, 'gcp');
  const { controlPlane, nodePools } = input.spec;
  const zones = [
    ...(controlPlane.failureDomains ?? []).map((zone) => ['controlPlane.failureDomains', zone]),
    ...nodePools.flatMap(({ name, failureDomain }) =>
      failureDomain === undefined ? [] : [[`nodePools[${name}].failureDomain`, failureDomain]],
    ),
  ];
  return zones
    .filter(([, zone = '']) => !zone.startsWith(`${region}-`))
    .map(
      ([path, zone]) =>
        `${path} has ${zone}, which is not a zone of ${region}: use a zone such as ${region}-a`,
    );
}

function labelProblems(input: ClusterInput): readonly string[] {
  return Object.entries(blockOf(input, 'gcp').labels ?? {})
    .filter(([key, value]) => !LABEL_KEY.test(key) || !LABEL_VALUE.test(value))
    .map(
      ([key]) =>
        `cloud.gcp.labels has ${key}: labels in GCP must consist of lower-case letters, digits, dashes and underscores`,
    );
}

/** CAPG deletes an instance by project, zone and name. */
const infrastructureKinds = {
  GCPCluster: {
    ownedBy: [],
    pinned: [
      'spec.project',
      'spec.region',
      'spec.credentialsRef',
      'spec.network',
      'spec.failureDomains',
      'spec.controlPlaneEndpoint',
      'spec.loadBalancer',
      'status.network',
      'status.failureDomains',
    ],
  },
  ...machineKinds('GCP', {
    pinned: ['subnet', 'serviceAccounts'],
    bounded: ['serviceAccounts'],
    identity: ['providerID'],
  }),
};

/** gcp is CAPG v1.12 with Compute Engine and kubeadm. */
export const gcp: Cloud = {
  block: claimBlock,
  specRules,
  infrastructureCluster: { apiVersion: API_VERSION, kind: 'GCPCluster' },
  machineTemplate: { apiVersion: API_VERSION, kind: 'GCPMachineTemplate' },
  infrastructureKinds,
  machineFields: ['type', 'image', 'diskGiB'],
  infrastructureClusterSpec,
  machineSpec,
  kubeadmParts,
  credentials,
  problems,
};
