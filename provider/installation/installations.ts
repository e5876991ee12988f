import { AGENTS_NAMESPACE } from '../../lib/apis/agent.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, CLUSTER_NAMESPACE_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { TypeRef } from '../../lib/kube/api.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import type { Source } from '../deps.ts';
import { partMemory, type PartMemory } from './part-memory.ts';
import { PROVIDER_SOURCES, type ProviderWatch } from './provider-watch.ts';

/** The kinds of the agent identity; without its Lease, which changes every few seconds. */
const IDENTITY_KINDS: readonly TypeRef[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', namespace: AGENTS_NAMESPACE },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
];

/**
 * Installations holds what this process remembers about each installation between reconciles. Only here do
 * events invalidate it and trigger reconciles:
 *
 * - AgentInstallation, ClusterPlan: the event itself invalidates nothing. The next pass declares the
 *   circumstances that it works under (PartMemory.under); if they differ from the previous ones, everything
 *   remembered about the installation is invalid.
 * - the identity of the agent: invalidates part Identity of that installation.
 * - a provider of the management side: invalidates all parts of all installations.
 */
export class Installations {
  readonly #watch: ProviderWatch;
  readonly #checkMs: number;
  readonly #known = new Map<string, { readonly key: Key; readonly memory: PartMemory }>();

  /** A finished part is checked again after `checkMs` milliseconds. */
  constructor(watch: ProviderWatch, checkMs: number) {
    this.#watch = watch;
    this.#checkMs = checkMs;
  }

  /** Returns the memory of an installation, which is known from then on. */
  memoryOf(key: Key): PartMemory {
    const id = keyText(key);
    const { memory } = this.#known.get(id) ?? { memory: partMemory(this.#checkMs) };
    this.#known.set(id, { key, memory });
    return memory;
  }

  /** Removes an installation that no longer exists. */
  forget(key: Key): void {
    this.#known.delete(keyText(key));
  }

  /** The sources that trigger reconciles. */
  sources(): readonly Source[] {
    return [
      { type: AGENT_INSTALLATION, toKeys: itself },
      { type: CLUSTER_PLAN, toKeys: itself },
      ...identitySources((key) => this.#known.get(keyText(key))?.memory.forget('Identity')),
      ...PROVIDER_SOURCES.map((source) => ({
        ...source,
        toKeys: (object: KubeObject) =>
          this.#watch.notice(object) ? this.#providersChanged() : [],
      })),
    ];
  }

  #providersChanged(): readonly Key[] {
    const all = [...this.#known.values()];
    for (const { memory } of all) memory.forgetAll();
    return all.map(({ key }) => key);
  }
}

/** A plan has the name of its installation. */
function itself(object: KubeObject): readonly Key[] {
  return [keyOf(object)];
}

/** identitySources returns the sources that report changes of the identities of agents, by their installation. */
export function identitySources(onChange: (key: Key) => void = () => undefined): readonly Source[] {
  function toKeys(object: KubeObject): readonly Key[] {
    const key = installationOf(object);
    if (key === undefined) return [];
    onChange(key);
    return [key];
  }
  const options = { labelSelector: CLUSTER_LABEL };
  return IDENTITY_KINDS.map((type) => ({ type, options, toKeys }));
}

function installationOf({ metadata }: KubeObject): Key | undefined {
  const { namespace: here, labels } = metadata;
  const name = labels?.[CLUSTER_LABEL];
  // Elsewhere the label may be of anybody.
  const namespace = here === AGENTS_NAMESPACE ? labels?.[CLUSTER_NAMESPACE_LABEL] : here;
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}
