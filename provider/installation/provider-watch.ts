import { contentHash } from '../../lib/core/hash.ts';
import { type KubeObject, isRecord, type Json } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { idOf } from '../core/installation/json.ts';
import { copyOf, CRD, PROVIDER_LABEL } from '../core/installation/provider-copy.ts';
import type { Source } from '../deps.ts';
import { loadBundle, type ProviderBundle } from './provider-bundle.ts';

/**
 * ProviderWatch caches the providers of the management side for all installations: listing them takes more
 * than a dozen requests and megabytes of CRDs, which every reconcile of every cluster would pay for.
 */
export interface ProviderWatch {
  /**
   * The bundle is listed once, and again after a change or five minutes, because deletions and kinds that
   * are not watched cause no change event. Fails if listing fails; the next call lists again.
   */
  bundle(): Promise<ProviderBundle>;
  /**
   * Records the current state of an object of PROVIDER_SOURCES and reports whether it changed in a part
   * that is copied. If so, `bundle` returns a new bundle, and the caller must discard what was derived from
   * the old one. Objects in namespaces without trusted providers are not recorded: anybody can change them.
   */
  notice(object: KubeObject): boolean;
  /** Lists again at the next call of `bundle`, because something is missing that no watch reports. */
  discard(): void;
  /** Milliseconds since the last change; a process that has just started has seen none. */
  quietMs(): number;
}

/** PROVIDER_SOURCES lists the kinds whose changes are an upgrade or a configuration change of a provider. */
export const PROVIDER_SOURCES: readonly Pick<Source, 'type' | 'options'>[] = [
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
  CRD,
].map((type) => ({ type, options: { labelSelector: PROVIDER_LABEL } }));

const LONGEST_KEPT_MS = 5 * 60_000;

/**
 * Creates a ProviderWatch for the management side. `named` are the namespaces that the administrator named.
 */
export function watchProviders(management: KubeApi, named: readonly string[]): ProviderWatch {
  /** By object name. Status changes and repeated objects of a relist are not changes. */
  const states = new Map<string, string>();
  let lastNews = performance.now();
  let namespaces: readonly string[] | undefined;
  let kept: { readonly bundle: Promise<ProviderBundle>; readonly since: number } | undefined;

  function load(): Promise<ProviderBundle> {
    const loading = { bundle: loadBundle(management, named), since: performance.now() };
    kept = loading;
    loading.bundle.then(
      (bundle) => void (namespaces = bundle.namespaces),
      () => {
        if (kept === loading) kept = undefined;
      },
    );
    return loading.bundle;
  }

  return {
    quietMs: () => performance.now() - lastNews,
    bundle: () =>
      kept === undefined || performance.now() - kept.since > LONGEST_KEPT_MS ? load() : kept.bundle,
    discard: () => void (kept = undefined),
    notice(object): boolean {
      const { namespace } = object.metadata;
      if (namespace !== undefined && namespaces?.includes(namespace) === false) return false;
      const [id, state] = [idOf(object), stateOf(object)];
      if (states.get(id) === state) return false;
      states.set(id, state);
      lastNews = performance.now();
      kept = undefined;
      return true;
    },
  };
}

/** The relevant part of an object: what is copied, and whether it is being deleted. */
function stateOf(object: KubeObject): string {
  const copy: unknown = copyOf(object);
  const { deletionTimestamp = '' } = object.metadata;
  return (isRecord<Json>(copy) ? contentHash(copy) : '') + deletionTimestamp;
}
