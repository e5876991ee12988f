import type { CloudSchema } from '../lib/apis/schema/cluster-spec.ts';
import type { JsonObject, KubeObject } from '../lib/core/object.ts';
import type {
  CloudSpec,
  Machine,
  ManagedClusterSpec,
  NodePool,
} from '../lib/apis/managed-cluster.generated.ts';

/** Kind is a kind with the apiVersion in which we write its objects. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** ClusterInput is the input of the expansion: the claim with its defaults, and the name and namespace of the Cluster. */
export interface ClusterInput {
  /** Name of the Cluster; every object of the cluster is named after it. */
  readonly name: string;
  readonly namespace: string;
  readonly spec: ManagedClusterSpec;
  /** Public SSH keys, from the claim or from the Secret that it references. */
  readonly authorizedKeys: readonly string[];
}

/** Role is the role of a machine. */
export type Role =
  { readonly kind: 'ControlPlane' } | { readonly kind: 'Worker'; readonly pool: NodePool };

/** KubeadmParts is what a cloud adds to the kubeadm configuration of a machine. */
export interface KubeadmParts {
  /** `nodeRegistration.name`, if cloud-init has to fill it in. */
  readonly nodeName?: string;
  readonly kubeletExtraArgs?: Readonly<Record<string, string>>;
  readonly apiServerExtraArgs?: Readonly<Record<string, string>>;
  readonly controllerManagerExtraArgs?: Readonly<Record<string, string>>;
  /** SANs of the certificate of the API server; a change replaces the control plane machines. */
  readonly certSANs?: readonly string[];
  /** Port that the API server binds, if it is not 6443. */
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

/** SECRET is the kind that contains credentials. */
export const SECRET: Kind = { apiVersion: 'v1', kind: 'Secret' };

/** CredentialRef references an identity object or Secret; without a namespace it is cluster-scoped. */
export interface CredentialRef extends Kind {
  readonly name: string;
  readonly namespace?: string;
}

/**
 * InfrastructureKind is a kind of the infrastructure provider whose objects belong to one cluster. Paths are
 * fields with dots (`spec.identityRef`); a list is one value.
 */
export interface InfrastructureKind {
  /**
   * Kinds that own an object that was created inside the cluster. Empty: such objects exist only if they were
   * handed over.
   */
  readonly ownedBy: readonly string[];
  /**
   * Fields that decide where something is created or deleted, and with whose rights: when the cluster is
   * taken back, their values come from the record of the handover (docs/decisions/0022).
   */
  readonly pinned: readonly string[];
  /** Those of them that an object created inside may only have with a value that is known already. */
  readonly bounded?: readonly string[];
  /** Fields that name one machine in the cloud: they must agree with the providerID of its Machine. */
  readonly identity?: readonly string[];
}

/**
 * Cloud is everything that the product knows about an infrastructure provider. A new cloud is a file with
 * a Cloud, and a line in clouds/index.ts. All functions are pure.
 */
export interface Cloud extends CloudSchema {
  /** Kind of the infrastructure cluster. */
  readonly infrastructureCluster: Kind;
  /** Kind of the machine templates. */
  readonly machineTemplate: Kind;
  /** Every kind of the provider that may come back from a cluster, by its name; no other kind does. */
  readonly infrastructureKinds: Readonly<Record<string, InfrastructureKind>>;
  /** Fields of the neutral `machine` that the cloud reads; any other field is an error in the claim. */
  readonly machineFields: readonly (keyof Machine)[];
  /** Suffixes of paths (`backend.inMemory`) at which an empty object or list has a meaning. */
  readonly meaningfulEmpties?: readonly string[];
  /** `spec` of the infrastructure cluster; never contains an endpoint that the provider creates. */
  infrastructureClusterSpec(input: ClusterInput): JsonObject;
  /** Annotations that the provider needs on the infrastructure cluster. */
  infrastructureClusterAnnotations?(input: ClusterInput): Readonly<Record<string, string>>;
  /** `spec.template.spec` of the machine template for a role. */
  machineSpec(input: ClusterInput, role: Role): JsonObject;
  /** What the cloud needs in the kubeadm configuration of a role. */
  kubeadmParts(input: ClusterInput, role: Role): KubeadmParts;
  /**
   * Kinds outside the Cluster API groups whose objects belong to a cluster if they are owned by one of its
   * objects or have its label `cluster.x-k8s.io/cluster-name`. They move with the cluster.
   */
  readonly movesAlso?: readonly Kind[];
  /** Objects that the providers in the cluster need for an identity of the claim; they are copied there. */
  credentials?(identity: IdentityRef, namespace: string): readonly CredentialRef[];
  /**
   * For clouds whose claim names the server that the credentials are sent to: that server. An identity must
   * allow it, because whoever names the server gets the password.
   */
  serverOf?(cloud: CloudSpec): string | undefined;
  /** With {@link serverOf}: the cluster-scoped kinds of identities, which the function reads. */
  readonly identities?: readonly Kind[];
  /** With {@link serverOf}: the Secret that the infrastructure provider uses for a cluster without an identity. */
  readonly controllerSecret?: CredentialRef;
  /** Whether a credential belongs to the infrastructure provider itself; such a credential is never copied. */
  isOfController?(ref: CredentialRef): boolean;
  /** Objects that an object of {@link credentials} references, such as the Secret of an identity. */
  credentialsNamedBy?(object: KubeObject): readonly CredentialRef[];
  /**
   * For clouds with cluster-scoped identities: the identity restricted to a namespace of the management
   * side, or undefined if clusters in that namespace cannot use it. Secrets are returned unchanged.
   */
  identityFor?(identity: KubeObject, namespace: KubeObject): KubeObject | undefined;
  /** Errors in the claim that the schema cannot detect, as sentences that name the field. */
  problems(input: ClusterInput): readonly string[];
}

/**
 * blockOf returns `spec.cloud.<provider>`. The schema requires the block; throws if the claim was not
 * validated against the schema.
 */
export function blockOf<Name extends CloudSpec['provider']>(
  { spec }: ClusterInput,
  name: Name,
): NonNullable<CloudSpec[Name]> {
  const block: CloudSpec[Name] | undefined = spec.cloud[name];
  if (block === undefined) {
    throw new Error(`cannot expand the cluster: set the block spec.cloud.${name}`);
  }
  return block;
}

/** machineOf returns the neutral machine of a role. */
export function machineOf({ spec }: ClusterInput, role: Role): Machine {
  return role.kind === 'ControlPlane' ? spec.controlPlane.machine : role.pool.machine;
}

/** machines returns all machines of the claim with the path of the field, for error messages. */
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
