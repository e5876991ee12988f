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
import type { VsphereCloud } from '../../lib/apis/managed-cluster.generated.ts';
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
import { kubeVip } from '../kube-vip.ts';
import {
  endpointNeeded,
  identityKinds,
  machineNeeds,
  noControlPlaneFailureDomains,
} from './spec-rules.ts';
import { credentials, credentialsNamedBy, identityFor } from './vsphere-credentials.ts';

const API_VERSION = 'infrastructure.cluster.x-k8s.io/v1beta2';
const DEFAULT_PORT = 6443;
const IP = /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/;

/** Sets the host name to the name of the virtual machine (as in the templates of CAPV v1.16). */
const HOST_NAME = [
  'hostnamectl set-hostname "{{ ds.meta_data.hostname }}"',
  'echo "::1         ipv6-localhost ipv6-loopback localhost6 localhost6.localdomain6" >/etc/hosts',
  'echo "127.0.0.1   {{ ds.meta_data.hostname }} {{ local_hostname }} localhost localhost.localdomain localhost4 localhost4.localdomain4" >>/etc/hosts',
];

const addressPoolBlock = object(
  'Pool of static IP addresses (IPAM contract of Cluster API). Default: DHCP.',
  {
    apiGroup: text('API group of the pool.', { default: 'ipam.cluster.x-k8s.io' }),
    kind: text('Kind of the pool.', { default: 'InClusterIPPool' }),
    name: text('Name of the pool, in the namespace of the claim.'),
    nameservers: list('DNS servers of the machines.', text('An IP address.', { maxLength: 64 }), {
      minItems: 1,
      maxItems: 8,
    }),
  },
  { required: ['name', 'nameservers'] },
);

const kubeVipBlock = object(
  'kube-vip, which provides controlPlane.endpoint.',
  {
    enabled: flag('Set to false if controlPlane.endpoint is your own load balancer.', {
      default: true,
    }),
    image: text('Image of kube-vip.', {
      default: 'ghcr.io/kube-vip/kube-vip:v0.9.2',
      maxLength: 512,
    }),
    interface: text(
      'Network interface of the IP address. Default: the interface of the default route.',
      { maxLength: 15 },
    ),
  },
  { default: {} },
);

const claimBlock = object(
  'Virtual machines in a vCenter. Reads machine.image (name or inventory path of the VM template), machine.cpus, machine.memoryMiB and machine.diskGiB. cloud.identityRef is a Secret with username and password in the namespace of the claim (used only by this cluster, because the provider deletes it with the cluster), or a VSphereClusterIdentity.',
  {
    server: text('Host name or IP address of the vCenter.', {
      rules: [immutable('cloud.vsphere.server')],
    }),
    thumbprint: text('Thumbprint of the certificate of the vCenter.', { maxLength: 128 }),
    insecureSkipTLSVerify: flag(
      'Do not verify the certificate of the vCenter. Only for tests: a man in the middle can read the credentials.',
      { default: false },
    ),
    datacenter: text('Name or inventory path of the datacenter.', { maxLength: 2048 }),
    datastore: text('Name or path of the datastore. Default: the datastore of the template.', {
      maxLength: 2048,
    }),
    storagePolicyName: text('Storage policy of the disks.', { maxLength: 1024 }),
    folder: text('Folder of the virtual machines.', { maxLength: 2048 }),
    resourcePool: text('Resource pool of the virtual machines.', { maxLength: 2048 }),
    network: text('Name or path of the network of the machines.', { maxLength: 2048 }),
    addressPool: addressPoolBlock,
    cloneMode: text(
      'How virtual machines are created: linkedClone is fast, requires a snapshot of the template and ignores machine.diskGiB; fullClone copies the template.',
      { enum: ['fullClone', 'linkedClone'], default: 'fullClone' },
    ),
    tagIDs: list('URNs of the tags of the virtual machines.', text('URN of a tag.'), {
      maxItems: 16,
    }),
    failureDomainLabels: dictionary(
      'Labels of the VSphereDeploymentZones to spread the machines over. Default: no failure domains.',
      text('Value of the label.', { maxLength: 63 }),
      { maxProperties: 16 },
    ),
    powerOffTimeoutSeconds: integer(
      'Number of seconds in which a guest can shut down before its virtual machine is powered off. Default: power off immediately.',
      { minimum: 1, maximum: 3600 },
    ),
    kubeVip: kubeVipBlock,
  },
  {
    required: ['server', 'datacenter', 'network'],
    rules: [
      {
        rule: 'has(self.thumbprint) || self.insecureSkipTLSVerify',
        message:
          'cloud.vsphere.thumbprint is missing: without it the provider does not verify the certificate of the vCenter; set the thumbprint, or insecureSkipTLSVerify: true for a test',
      },
    ],
  },
);

const specRules: readonly Rule[] = [
  endpointNeeded('vsphere'),
  ...machineNeeds('vsphere', {
    name: 'image',
    write: 'the name of a VM template, for example ubuntu-2404-kube-v1.35.4',
  }),
  ...identityKinds('vsphere', { kinds: ['Secret', 'VSphereClusterIdentity'], preset: 'Secret' }),
  noControlPlaneFailureDomains(
    'vsphere',
    'label VSphereDeploymentZones and set cloud.vsphere.failureDomainLabels',
  ),
];

function infrastructureClusterSpec(input: ClusterInput): JsonObject {
  const { server, thumbprint, failureDomainLabels } = blockOf(input, 'vsphere');
  const { identityRef } = input.spec.cloud;
  return {
    server,
    thumbprint,
    controlPlaneEndpoint: endpointOf(input),
    identityRef:
      identityRef === undefined
        ? undefined
        : { kind: identityRef.kind ?? 'Secret', name: identityRef.name },
    failureDomainSelector: { matchLabels: failureDomainLabels },
  };
}

/** The only endpoint that we apply: on vSphere only the user can provide it. */
function endpointOf({ spec }: ClusterInput): { readonly host: string; readonly port: number } {
  const { endpoint } = spec.controlPlane;
  if (endpoint === undefined) {
    throw new Error('cannot expand the cluster: set spec.controlPlane.endpoint for vsphere');
  }
  return { host: endpoint.host, port: endpoint.port };
}

/** Omits server and thumbprint, which CAPV takes from the cluster, so that a new certificate replaces no machine. */
function machineSpec(input: ClusterInput, role: Role): JsonObject {
  const block = blockOf(input, 'vsphere');
  const { image, cpus, memoryMiB, diskGiB } = machineOf(input, role);
  const { powerOffTimeoutSeconds } = block;
  return {
    template: image,
    cloneMode: block.cloneMode,
    datacenter: block.datacenter,
    datastore: block.datastore,
    storagePolicyName: block.storagePolicyName,
    folder: block.folder,
    resourcePool: block.resourcePool,
    network: { devices: [networkDevice(block)] },
    tagIDs: block.tagIDs,
    numCPUs: cpus,
    memoryMiB,
    diskGiB,
    powerOffMode: powerOffTimeoutSeconds === undefined ? undefined : 'trySoft',
    guestSoftPowerOffTimeoutSeconds: powerOffTimeoutSeconds,
  };
}

function networkDevice({ network, addressPool }: VsphereCloud): JsonObject {
  if (addressPool === undefined) return { networkName: network, dhcp4: true };
  const { apiGroup, kind, name, nameservers } = addressPool;
  return { networkName: network, addressesFromPools: [{ apiGroup, kind, name }], nameservers };
}

function kubeadmParts(input: ClusterInput, role: Role): KubeadmParts {
  const machine: KubeadmParts = {
    nodeName: '{{ local_hostname }}',
    kubeletExtraArgs: { 'cloud-provider': 'external' },
    preKubeadmCommands: HOST_NAME,
  };
  if (role.kind === 'Worker') return machine;
  const { kubeVip: settings } = blockOf(input, 'vsphere');
  const controllerManagerExtraArgs = { 'cloud-provider': 'external' };
  if (!settings.enabled) return { ...machine, controllerManagerExtraArgs };
  const { host, port } = endpointOf(input);
  const { files, preKubeadmCommands } = kubeVip({ ...settings, address: host, port });
  return {
    ...machine,
    controllerManagerExtraArgs,
    // kube-vip does not translate ports: the API server must listen on the port of the endpoint.
    ...(port === DEFAULT_PORT ? {} : { bindPort: port }),
    files,
    preKubeadmCommands: [...HOST_NAME, ...preKubeadmCommands],
  };
}

function problems(input: ClusterInput): readonly string[] {
  const { cloneMode, kubeVip: settings } = blockOf(input, 'vsphere');
  const { host } = endpointOf(input);
  const sized = machines(input).filter(({ machine }) => machine.diskGiB !== undefined);
  return [
    ...(settings.enabled && !IP.test(host)
      ? [
          `controlPlane.endpoint.host is ${host}: kube-vip requires an IP address, set one, or set cloud.vsphere.kubeVip.enabled: false if you have your own load balancer`,
        ]
      : []),
    ...(cloneMode === 'linkedClone' ? sized : []).map(
      ({ path }) =>
        `${path}.diskGiB is ignored by linked clones: remove it, or set cloud.vsphere.cloneMode: fullClone`,
    ),
  ];
}

/** vsphere is CAPV in govmomi mode, v1.16. */
export const vsphere: Cloud = {
  block: claimBlock,
  specRules,
  infrastructureCluster: { apiVersion: API_VERSION, kind: 'VSphereCluster' },
  machineTemplate: { apiVersion: API_VERSION, kind: 'VSphereMachineTemplate' },
  machineKinds: [{ apiVersion: API_VERSION, kind: 'VSphereVM' }],
  machineFields: ['image', 'cpus', 'memoryMiB', 'diskGiB'],
  infrastructureClusterSpec,
  machineSpec,
  kubeadmParts,
  credentials,
  credentialsNamedBy,
  identityFor,
  problems,
};
