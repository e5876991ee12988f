import type { Registry } from 'prom-client';
import type { KubeObject } from '../lib/core/object.ts';
import type { KubeApi, ListOptions, TypeRef } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import type { Key, Reconciler } from '../lib/reconcile/controller.ts';
import type { EventRecorder } from '../lib/reconcile/events.ts';
import type { Pace } from '../lib/reconcile/pace.ts';
import type { ProviderOptions } from './options.ts';

/** KubeconfigRef identifies the Secret on the management side with the kubeconfig of a workload cluster. */
export interface KubeconfigRef {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** Name of the Cluster; the Secret must belong to it or allow it (lib/apis/opt-in.ts). */
  readonly cluster: string;
}

/** ProviderDeps are the dependencies of the controllers. */
export interface ProviderDeps {
  /** The API server that the provider runs on. */
  readonly management: KubeApi;
  /**
   * The client of a workload cluster, cached until its Secret changes. Fails with a message that says what
   * is missing if the Secret or the key does not exist, or what its owner has to do if the Secret does not
   * allow the cluster; it does not check whether the cluster answers.
   */
  workload(ref: KubeconfigRef): Promise<KubeApi>;
  readonly log: Logger;
  readonly events: EventRecorder;
  /** The registry for metrics of a controller. */
  readonly metrics: Registry;
  /** The wall clock, which can jump; measure spans with `performance.now()`. */
  readonly clock: { now(): Date };
  readonly options: ProviderOptions;
}

/** Source is a kind on the management side whose events trigger reconciles of a controller. */
export interface Source {
  readonly type: TypeRef;
  readonly options?: ListOptions;
  /** The objects to reconcile when an object of this kind changes. */
  toKeys(object: KubeObject): readonly Key[];
}

/** ControllerParts are the parts of a controller; the program runs it. */
export interface ControllerParts {
  readonly reconciler: Reconciler;
  readonly sources: readonly Source[];
  /** The keys to reconcile when the program starts, regardless of events. */
  readonly initial?: readonly Key[];
  /** Number of concurrent reconciles; the default of the program if absent. */
  readonly workers?: number;
  /** How a cluster that answers slowly is treated; PACE if absent. */
  readonly pace?: Pace;
}
