import type {
  AgentInstallation,
  ProviderStatus,
} from '../../lib/apis/agent-installation.generated.ts';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Open, Outcome } from '../../lib/reconcile/outcome.ts';
import type { Step } from '../../lib/reconcile/steps.ts';
import type { ProviderDeps } from '../deps.ts';
import type { SelectedProviders } from './selected-providers.ts';

/** Scope is what a part may look at during one pass. */
export interface Scope {
  readonly deps: ProviderDeps;
  readonly installation: AgentInstallation;
  readonly namespace: string;
  /** Name of the Cluster, and of its plan. */
  readonly cluster: string;
  readonly plan: ClusterPlan | undefined;
  readonly now: Date;
  /**
   * The API server of the workload cluster; fails when it can't be found, does not answer, or is that of
   * another cluster.
   */
  workload(): Promise<KubeApi>;
  /** uid of namespace kube-system of the workload cluster; fails as `workload` does. */
  clusterUid(): Promise<string>;
  /** Objects of the cluster that say what it needs, from the side that has them. */
  clusterObjects(): Promise<readonly KubeObject[]>;
  /** The providers that the cluster needs, as they shall be there. */
  providers(): Promise<SelectedProviders>;
  /** Whether the providers of the management side have not changed for a while. */
  providersAreQuiet(): boolean;
  /** What the API server of the workload cluster shall trust webhooks by: PEM in Base64. */
  caBundle(): Promise<string>;
}

/**
 * Part is one part of the installation: it is brought to what it shall be, and tells how it stands.
 * It may be cut off anywhere and is run again. What it throws is a failure of this part alone.
 */
export interface Part extends Step<Scope, void, PartFacts> {
  readonly name: PartName;
  /** Parts that must be over before; those that are not are what this one waits for. */
  readonly needs: readonly NeededPart[];
}

/** PartFacts is what a part that is there and works tells of the cluster. */
export interface PartFacts {
  /** A sentence: what a user should know although nothing is wrong. */
  readonly remark?: string | undefined;
  readonly providers?: readonly ProviderStatus[];
  /** uid of the workload cluster. */
  readonly clusterUID?: string;
}

/** PartOutcome is what came of one part of the installation: Stalled when it failed, Wait when it takes its time. */
export type PartOutcome = Outcome<PartFacts>;

/** NamedOutcome is what came of the part of that name. */
export interface NamedOutcome {
  readonly name: string;
  readonly outcome: PartOutcome;
}

/** OpenPart is a part that is not over. */
export interface OpenPart {
  readonly name: string;
  readonly outcome: Open;
}

/** openParts are the parts that are not over. */
export function openParts(parts: readonly NamedOutcome[]): readonly OpenPart[] {
  return parts.flatMap(({ name, outcome }) => (outcome.kind === 'Done' ? [] : [{ name, outcome }]));
}

/** hasFailed tells whether something is wrong with a part that is not over, and not only slow. */
export function hasFailed({ outcome }: OpenPart): boolean {
  return outcome.kind !== 'Wait';
}

/** NeededPart is a part that others wait for, with a reason of its name (lib/apis/reasons/agent-installation.ts). */
export type NeededPart = Extract<
  PartName,
  | 'Identity'
  | 'Target'
  | 'Bootstrap'
  | 'Agent'
  | 'ProviderCRDs'
  | 'Certificates'
  | 'ProviderObjects'
  | 'Providers'
>;

/** PartName is the name of a part in the status. */
export type PartName =
  | 'Identity'
  | 'Target'
  | 'Bootstrap'
  | 'Agent'
  | 'ProviderCRDs'
  | 'Policies'
  | 'Certificates'
  | 'ProviderObjects'
  | 'Credentials'
  | 'Providers'
  | 'Webhooks'
  | 'Kubeconfig'
  | 'AgentConnected'
  | 'NodeLayersReady';
