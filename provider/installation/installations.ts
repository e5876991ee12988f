import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { TypeRef } from '../../lib/kube/api.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import type { Source } from '../deps.ts';
import { partMemory, type PartMemory } from './part-memory.ts';
import { PROVIDER_SOURCES, type ProviderWatch } from './provider-watch.ts';

/** The agent's identity; not its Lease, which is renewed all the time. */
const IDENTITY: readonly TypeRef[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
];

/**
 * Installations is what a process remembers of each installation between two passes. Here alone events make
 * something of it void, and wake whom it concerns:
 *
 * - AgentInstallation, ClusterPlan: nothing is void by itself. The pass that follows names the circumstances
 *   that it works under (PartMemory.under); with others than before, all of that installation is void.
 * - the agent's identity: what is remembered of part Identity of that installation.
 * - a provider of the management side: what is remembered of all parts of all installations.
 */
export class Installations {
  readonly #watch: ProviderWatch;
  readonly #checkMs: number;
  readonly #known = new Map<string, { readonly key: Key; readonly memory: PartMemory }>();

  /** A part that was over is looked at again after `checkMs` milliseconds. */
  constructor(watch: ProviderWatch, checkMs: number) {
    this.#watch = watch;
    this.#checkMs = checkMs;
  }

  /** What is remembered of an installation, which is known from then on. */
  memoryOf(key: Key): PartMemory {
    const id = keyText(key);
    const { memory } = this.#known.get(id) ?? { memory: partMemory(this.#checkMs) };
    this.#known.set(id, { key, memory });
    return memory;
  }

  /** The installation is gone. */
  forget(key: Key): void {
    this.#known.delete(keyText(key));
  }

  /** What wakes the controller. */
  sources(): readonly Source[] {
    return [
      { type: AGENT_INSTALLATION, toKeys: itself },
      { type: CLUSTER_PLAN, toKeys: itself },
      ...IDENTITY.map((type) => ({
        type,
        options: { labelSelector: CLUSTER_LABEL },
        toKeys: (object: KubeObject) => this.#identityChanged(object),
      })),
      ...PROVIDER_SOURCES.map((source) => ({
        ...source,
        toKeys: (object: KubeObject) =>
          this.#watch.notice(object) ? this.#providersChanged() : [],
      })),
    ];
  }

  #identityChanged({ metadata }: KubeObject): readonly Key[] {
    const { namespace = '', labels } = metadata;
    const name = labels?.[CLUSTER_LABEL];
    if (name === undefined) return [];
    this.#known.get(keyText({ namespace, name }))?.memory.forget('Identity');
    return [{ namespace, name }];
  }

  #providersChanged(): readonly Key[] {
    const all = [...this.#known.values()];
    for (const { memory } of all) memory.forgetAll();
    return all.map(({ key }) => key);
  }
}

/** A plan is named like its installation. */
function itself(object: KubeObject): readonly Key[] {
  return [keyOf(object)];
}
