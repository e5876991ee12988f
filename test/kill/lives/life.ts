/** Life is one claim from apply to delete, with everything killed meanwhile. */
export interface Life {
  readonly name: string;
  /** How the user asked for it. */
  readonly flavour: 'claim' | 'composite';
  /** Seconds from the agent's way into the cluster to Operational and SelfManaged. */
  readonly grown?: number;
  /** Seconds from delete until nothing was left. */
  readonly gone?: number;
  /** Why it never came to that. */
  readonly stuck?: string;
  readonly findings: readonly string[];
}

/** LifeKill is one SIGKILL, and what the clusters were at then. */
export interface LifeKill {
  /** `crossplane`, `function`, `provider`, `agent`, `capi-system of workload` … */
  readonly victim: string;
  /** Phases that the clusters told, the one first that has an agent or gets one. */
  readonly phases: readonly string[];
}

/** Lives is the whole product under fire. */
export interface Lives {
  readonly wanted: number;
  readonly ended: readonly Life[];
  readonly kills: readonly LifeKill[];
}
