/** INVARIANTS are what the oracle proves (DESIGN 9), by their number in reports. */
export const INVARIANTS = {
  I1: 'never two sides that reconcile one cluster',
  I2: 'the epoch never falls, and the owner changes only with a higher one',
  I3: 'no Machine lost or doubled',
  I4: 'no certificate authority made twice',
  I5: 'no object deleted that the product did not make or move',
  I6: 'nothing secret outside of Secrets',
  I7: 'in the end exactly one side owns the cluster and runs it',
} as const;

/** Invariant is the number of an invariant. */
export type Invariant = keyof typeof INVARIANTS;

/** Finding is a violation. */
export interface Finding {
  readonly invariant: Invariant;
  /** `namespace/name` of the cluster, or where else it was found. */
  readonly where: string;
  readonly message: string;
  /** Microseconds since 1970; absent where no time belongs to it. */
  readonly at?: number;
}

/** Actors tells the users of the audit logs apart. */
export interface Actors {
  /** The product under test: whatever hands clusters over. */
  readonly product: readonly string[];
  /** Cluster API's controllers and what acts for them, such as the pretend cloud. */
  readonly controllers: RegExp;
  /** People, who may do what the product may not. */
  readonly people: readonly string[];
}

/** CONTROLLERS are the ServiceAccounts of Cluster API's managers as its own manifests name them. */
export const CONTROLLERS = /^system:serviceaccount:cap[a-z0-9-]*-system:/;

/** COLLECTORS are the parts of Kubernetes that delete what belongs to what is gone. */
export const COLLECTORS =
  /^system:serviceaccount:kube-system:(generic-garbage-collector|namespace-controller)$/;
