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
import type { PlanSecrets } from './plan-secrets.ts';
import type { SelectedProviders } from './selected-providers.ts';

/** Scope is what a part can use during one pass. */
export interface Scope {
  readonly deps: ProviderDeps;
  readonly installation: AgentInstallation;
  readonly namespace: string;
  /** Name of the Cluster, and of its plan. */
  readonly cluster: string;
  readonly plan: ClusterPlan | undefined;
  /** The Secrets that the plan refers to. */
  readonly secrets: PlanSecrets;
  readonly now: Date;
  /**
   * The API server of the workload cluster. Fails if it is unknown, does not answer, or belongs to another
   * cluster.
   */
  workload(): Promise<KubeApi>;
  /** uid of namespace kube-system of the workload cluster; fails as `workload` does. */
  clusterUid(): Promise<string>;
  /** Objects of the cluster that show what it needs, from the side that owns it. */
  clusterObjects(): Promise<readonly KubeObject[]>;
  /** The providers that the cluster needs, as they are to be installed. */
  providers(): Promise<SelectedProviders>;
  /** Whether the providers of the management side have not changed for a while. */
  providersAreQuiet(): boolean;
  /** The CA bundle for webhooks in the workload cluster: PEM in base64. */
  caBundle(): Promise<string>;
}

/**
 * Part is one part of the installation: it reconciles the part and returns its outcome. It may be
 * interrupted at any point and run again. An exception is a failure of this part alone.
 */
export interface Part extends Step<Scope, void, PartFacts> {
  readonly name: PartName;
  /** Parts that must be finished before this one starts. */
  readonly needs: readonly NeededPart[];
}

/** PartFacts is what a finished part reports about the cluster. */
export interface PartFacts {
  /** Message about something that a user should know although nothing is wrong. */
  readonly remark?: string | undefined;
  readonly providers?: readonly ProviderStatus[];
  /** uid of the workload cluster. */
  readonly clusterUID?: string;
}

/** PartOutcome is the outcome of one part: Stalled if it failed, Wait if it is not finished yet. */
export type PartOutcome = Outcome<PartFacts>;

/** NamedOutcome is the outcome of the part with that name. */
export interface NamedOutcome {
  readonly name: string;
  readonly outcome: PartOutcome;
}

/** OpenPart is a part that is not finished. */
export interface OpenPart {
  readonly name: string;
  readonly outcome: Open;
}

/** openParts returns the parts that are not finished. */
export function openParts(parts: readonly NamedOutcome[]): readonly OpenPart[] {
  return parts.flatMap(({ name, outcome }) => (outcome.kind === 'Done' ? [] : [{ name, outcome }]));
}

/** hasFailed reports whether an open part has failed and is not only waiting. */
export function hasFailed({ outcome }: OpenPart): boolean {
  return outcome.kind !== 'Wait';
}

/**
 * NeededPart is a part that other parts wait for, with a reason of its name
 * (lib/apis/reasons/agent-installation.ts).
 */
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
  | 'Secrets'
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
