import { compareText } from '../../lib/core/order.ts';
import { list, object, text, type Schema } from '../../lib/apis/schema/schema.ts';
import type { Rule } from '../../lib/apis/schema/schema.ts';
import {
  blockOf,
  machineOf,
  machines,
  type Cloud,
  type ClusterInput,
  type KubeadmParts,
  type Role,
} from '../cloud.ts';
import type { JsonObject } from '../../lib/core/object.ts';
import { PREFIX } from '../labels.ts';
import { machineKinds } from './machine-kinds.ts';
import { endpointMade, noIdentity } from './spec-rules.ts';

const API_VERSION = 'infrastructure.cluster.x-k8s.io/v1beta2';

const DURATION: Rule = {
  rule: "self.matches('^([0-9]+(ms|s|m|h))+$')",
  message: 'durations in cloud.docker must have a form such as 500ms, 1s or 2m',
};

function startup(of: string): Schema {
  return text(`Startup time of ${of}, for example 1s.`, {
    default: '1s',
    maxLength: 16,
    rules: [DURATION],
  });
}

/** A part of a path that is neither `.` nor `..`. */
const SEGMENT = '[A-Za-z0-9_@-][A-Za-z0-9._@-]*';

const claimBlock = object(
  'Containers as machines, or simulated machines (Cluster API DevCluster), for development and tests. Reads machine.image (docker backend: the node image; default: the image of the provider for the version).',
  {
    backend: text(
      'docker creates a container for each machine; inMemory simulates machines and an API server.',
      {
        enum: ['docker', 'inMemory'],
        default: 'docker',
        rules: [
          {
            rule: 'self == oldSelf',
            message:
              'cloud.docker.backend cannot be changed after creation: create a new ManagedCluster instead',
          },
        ],
      },
    ),
    socket: text(
      'Path of the Docker socket on the host (a socket below /var/run or /run, or a docker.sock elsewhere), mounted into every machine because the provider needs it after the pivot (docker backend). Only for tests: who is root in the cluster is root on the host.',
      {
        default: '/var/run/docker.sock',
        maxLength: 512,
        rules: [
          {
            rule: `self.matches('^((/var)?/run/(${SEGMENT}/)*${SEGMENT}[.]sock|(/${SEGMENT})+/docker[.]sock)$')`,
            message:
              'cloud.docker.socket must be the path of a socket below /var/run or /run, or of a docker.sock, for example /var/run/docker.sock',
          },
        ],
      },
    ),
    bootstrapTimeout: text(
      'Timeout for the bootstrap of a machine, for example 10m (docker backend). Default: the timeout of the provider.',
      { maxLength: 16, rules: [DURATION] },
    ),
    preLoadImages: list(
      'Container images that are loaded from the host into every new machine (docker backend).',
      text('A container image.', { maxLength: 512 }),
    ),
    loadBalancer: object(
      'Image of the load balancer of the control plane (docker backend). Default: the image of the provider.',
      {
        imageRepository: text('Repository of the image haproxy.', { maxLength: 512 }),
        imageTag: text('Tag of the image.', { maxLength: 128 }),
      },
    ),
    inMemory: object(
      'Startup times of the simulated parts (inMemory backend).',
      {
        machine: startup('a machine'),
        node: startup('a Node'),
        apiServer: startup('an API server'),
        etcd: startup('an etcd member'),
      },
      { default: {} },
    ),
  },
);

const specRules: readonly Rule[] = [
  ...noIdentity('docker'),
  endpointMade('docker'),
  {
    rule: "self.cloud.provider != 'docker' || !has(self.cloud.docker) || self.cloud.docker.backend == 'docker' || (!has(self.controlPlane.failureDomains) && self.nodePools.all(p, !has(p.failureDomain)))",
    message:
      'cloud.docker.backend inMemory does not support failure domains: remove controlPlane.failureDomains and nodePools[].failureDomain',
    fieldPath: '.controlPlane',
  },
];

function infrastructureClusterSpec(input: ClusterInput): JsonObject {
  const { backend, loadBalancer } = blockOf(input, 'docker');
  if (backend === 'inMemory') return { backend: { inMemory: {} } };
  return {
    backend: {
      docker: { failureDomains: failureDomains(input), loadBalancer: { ...loadBalancer } },
    },
  };
}

/** The provider knows only the failure domains that are listed in its spec. */
function failureDomains({ spec }: ClusterInput): readonly JsonObject[] {
  const forControlPlane = spec.controlPlane.failureDomains ?? [];
  const forPools = spec.nodePools.flatMap(({ failureDomain }) => failureDomain ?? []);
  // The webhook requires them to be sorted by name (CAPI v1.14 DevCluster webhook).
  const names = [...new Set([...forControlPlane, ...forPools])].toSorted(compareText);
  return names.map((name) =>
    forControlPlane.includes(name) ? { name, controlPlane: true } : { name },
  );
}

function machineSpec(input: ClusterInput, role: Role): JsonObject {
  const { backend, bootstrapTimeout, preLoadImages, socket } = blockOf(input, 'docker');
  if (backend === 'inMemory') return { backend: { inMemory: pretendedParts(input, role) } };
  return {
    backend: {
      docker: {
        customImage: machineOf(input, role).image,
        bootstrapTimeout,
        preLoadImages,
        extraMounts: [{ containerPath: '/var/run/docker.sock', hostPath: socket }],
      },
    },
  };
}

function pretendedParts(input: ClusterInput, role: Role): JsonObject {
  const { machine, node, apiServer, etcd } = blockOf(input, 'docker').inMemory;
  const everywhere = { vm: startsIn(machine), node: startsIn(node) };
  if (role.kind === 'Worker') return everywhere;
  return { ...everywhere, apiServer: startsIn(apiServer), etcd: startsIn(etcd) };
}

function startsIn(startupDuration: string): JsonObject {
  return { provisioning: { startupDuration, startupJitter: '0' } };
}

/** A machine is a container of its name, with the mounted paths of its host. */
const infrastructureKinds = {
  DevCluster: {
    ownedBy: [],
    pinned: ['spec.backend', 'spec.controlPlaneEndpoint', 'status.failureDomains'],
  },
  ...machineKinds('Dev', {
    pinned: ['backend.docker.extraMounts'],
    bounded: ['backend.docker.extraMounts'],
    identity: ['providerID'],
  }),
};

/** docker is the Dev provider of Cluster API, with both backends. CAPI v1.15 removes the Docker* kinds. */
export const docker: Cloud = {
  block: claimBlock,
  specRules,
  infrastructureCluster: { apiVersion: API_VERSION, kind: 'DevCluster' },
  machineTemplate: { apiVersion: API_VERSION, kind: 'DevMachineTemplate' },
  infrastructureKinds,
  machineFields: ['image'],
  meaningfulEmpties: ['backend.docker', 'backend.inMemory'],
  infrastructureClusterSpec,

  /** Without any annotation the in-memory backend of CAPI v1.14 panics (facts/e2e.md 5). */
  infrastructureClusterAnnotations(input: ClusterInput): Readonly<Record<string, string>> {
    return { [`${PREFIX}backend`]: blockOf(input, 'docker').backend };
  },
  machineSpec,

  /** Nodes only need a CNI to become ready: there is no cloud controller. */
  kubeadmParts(input: ClusterInput): KubeadmParts {
    if (blockOf(input, 'docker').backend === 'inMemory') return {};
    return { certSANs: ['localhost', '127.0.0.1', '0.0.0.0', 'host.docker.internal'] };
  },

  problems(input: ClusterInput): readonly string[] {
    if (blockOf(input, 'docker').backend === 'docker') return [];
    return machines(input)
      .filter(({ machine }) => machine.image !== undefined)
      .map(({ path }) => `${path}.image is not used by cloud.docker.backend inMemory: remove it`);
  },
};
