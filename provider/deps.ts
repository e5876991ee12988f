import type { Registry } from 'prom-client';
import type { KubeObject } from '../lib/core/object.ts';
import type { KubeApi, ListOptions, TypeRef } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import type { Key, Reconciler } from '../lib/reconcile/controller.ts';
import type { EventRecorder } from '../lib/reconcile/events.ts';
import type { ProviderOptions } from './options.ts';

/** KubeconfigRef names the Secret on the management side that a workload cluster is reached by. */
export interface KubeconfigRef {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** ProviderDeps is the world of the controllers. */
export interface ProviderDeps {
  /** The API server of the side that the provider runs on. */
  readonly management: KubeApi;
  /**
   * The client of a workload cluster, kept until its Secret changes. Fails with a sentence that says
   * what is missing when Secret or key is not there; whether the cluster answers is not looked at.
   */
  workload(ref: KubeconfigRef): Promise<KubeApi>;
  readonly log: Logger;
  readonly events: EventRecorder;
  /** For metrics of a controller's own. */
  readonly metrics: Registry;
  /** The wall clock, which can jump; measure spans with `performance.now()`. */
  readonly clock: { now(): Date };
  readonly options: ProviderOptions;
}

/** Source is a kind on the management side whose events wake a controller. */
export interface Source {
  readonly type: TypeRef;
  readonly options?: ListOptions;
  /** The objects of the controller's kind that an object of this kind matters to. */
  toKeys(object: KubeObject): readonly Key[];
}

/** ControllerParts are what a controller is made of; the program runs it. */
export interface ControllerParts {
  readonly reconciler: Reconciler;
  readonly sources: readonly Source[];
  /** What is looked at when the program starts, whatever is there. */
  readonly initial?: readonly Key[];
  /** How many passes run at a time; what the program is told when absent. */
  readonly workers?: number;
}
