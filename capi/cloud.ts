import type { CloudSchema } from '../lib/apis/schema/cluster-spec.ts';
import type { JsonObject, KubeObject } from '../lib/core/object.ts';
import type {
  CloudSpec,
  Machine,
  ManagedClusterSpec,
  NodePool,
} from '../lib/apis/managed-cluster.generated.ts';

/** Kind names a kind with the apiVersion that our objects of it are written in. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** ClusterInput is all that the expansion knows: the claim with its defaults, and where it goes. */
export interface ClusterInput {
  /** Name of the Cluster; every object of the cluster is named after it. */
  readonly name: string;
  readonly namespace: string;
  readonly spec: ManagedClusterSpec;
  /** Public SSH keys, already taken from the claim or from the Secret that it names. */
  readonly authorizedKeys: readonly string[];
}

/** Role is what a machine is for. */
export type Role =
  { readonly kind: 'ControlPlane' } | { readonly kind: 'Worker'; readonly pool: NodePool };

/** KubeadmParts is what a cloud adds to the kubeadm configuration of a machine. */
export interface KubeadmParts {
  /** `nodeRegistration.name`, where cloud-init has to fill it in. */
  readonly nodeName?: string;
  readonly kubeletExtraArgs?: Readonly<Record<string, string>>;
  readonly apiServerExtraArgs?: Readonly<Record<string, string>>;
  readonly controllerManagerExtraArgs?: Readonly<Record<string, string>>;
  /** Names for the certificate of the API server; a change replaces the control plane machines. */
  readonly certSANs?: readonly string[];
  /** Port that the API server binds, where it is not 6443. */
  readonly bindPort?: number;
  /** How long kubeadm waits for the components of the control plane. Default: 4 minutes. */
  readonly componentTimeoutSeconds?: number;
  readonly files?: readonly JsonObject[];
  readonly preKubeadmCommands?: readonly string[];
  readonly postKubeadmCommands?: readonly string[];
}

/** IdentityRef is `cloud.identityRef` or `cloud.workloadIdentityRef` of a claim. */
export interface IdentityRef {
  readonly kind?: string;
  readonly name: string;
}

/** SECRET is the kind that holds credentials. */
export const SECRET: Kind = { apiVersion: 'v1', kind: 'Secret' };

/** CredentialRef names an identity object or Secret; without a namespace it is cluster-scoped. */
export interface CredentialRef extends Kind {
  readonly name: string;
  readonly namespace?: string;
}

/**
 * Cloud is all that the product knows about one infrastructure provider; a new cloud is one file
 * with one of these, and a line in clouds/index.ts. Everything is pure.
 */
export interface Cloud extends CloudSchema {
  /** Kind of the infrastructure cluster. */
  readonly infrastructureCluster: Kind;
  /** Kind of the machine templates. */
  readonly machineTemplate: Kind;
  /** Fields of the neutral `machine` that the cloud reads; any other is a mistake in the claim. */
  readonly machineFields: readonly (keyof Machine)[];
  /** Ends of paths (`backend.inMemory`) where an empty object or list means something. */
  readonly meaningfulEmpties?: readonly string[];
  /** `spec` of the infrastructure cluster; never with an endpoint that the provider makes itself. */
  infrastructureClusterSpec(input: ClusterInput): JsonObject;
  /** Annotations that the provider needs on the infrastructure cluster. */
  infrastructureClusterAnnotations?(input: ClusterInput): Readonly<Record<string, string>>;
  /** `spec.template.spec` of the machine template for a role. */
  machineSpec(input: ClusterInput, role: Role): JsonObject;
  /** What the cloud needs in the kubeadm configuration of a role. */
  kubeadmParts(input: ClusterInput, role: Role): KubeadmParts;
  /**
   * Kinds beyond those of Cluster API's own groups whose objects belong to a cluster when one of its
   * objects owns them, or they bear its label `cluster.x-k8s.io/cluster-name`: they move with it.
   */
  readonly movesAlso?: readonly Kind[];
  /** What the providers in the cluster need of an identity that the claim names: it is copied there. */
  credentials?(identity: IdentityRef, namespace: string): readonly CredentialRef[];
  /** What an object that {@link credentials} names refers to itself, such as the Secret of an identity. */
  credentialsNamedBy?(object: KubeObject): readonly CredentialRef[];
  /**
   * Where the cloud's identities belong to nobody's namespace: one of them as clusters in a namespace of
   * the management side may use it; undefined when they may not. Secrets come through as they are.
   */
  identityFor?(identity: KubeObject, namespace: KubeObject): KubeObject | undefined;
  /** Mistakes in the claim that the schema can't refuse, as sentences that name the field. */
  problems(input: ClusterInput): readonly string[];
}

/**
 * blockOf is `spec.cloud.<provider>`. The schema makes sure that it is there; fails when the claim
 * never met the schema.
 */
export function blockOf<Name extends CloudSpec['provider']>(
  { spec }: ClusterInput,
  name: Name,
): NonNullable<CloudSpec[Name]> {
  const block: CloudSpec[Name] | undefined = spec.cloud[name];
  if (block === undefined) {
    throw new Error(`cannot expand the cluster: write the block spec.cloud.${name}`);
  }
  return block;
}

/** machineOf is the neutral machine of a role. */
export function machineOf({ spec }: ClusterInput, role: Role): Machine {
  return role.kind === 'ControlPlane' ? spec.controlPlane.machine : role.pool.machine;
}

/** machines are all machines of the claim with the path of the field, for mistakes to name. */
export function machines({
  spec,
}: ClusterInput): readonly { readonly path: string; readonly machine: Machine }[] {
  return [
    { path: 'controlPlane.machine', machine: spec.controlPlane.machine },
    ...spec.nodePools.map((pool) => ({
      path: `nodePools[${pool.name}].machine`,
      machine: pool.machine,
    })),
  ];
}
