import { contentHash } from '../../lib/core/hash.ts';
import { type KubeObject, isRecord, type Json } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { idOf } from '../core/installation/json.ts';
import { copyOf, CRD, PROVIDER_LABEL } from '../core/installation/provider-copy.ts';
import type { Source } from '../deps.ts';
import { loadBundle, type ProviderBundle } from './provider-bundle.ts';

/**
 * ProviderWatch knows the providers of the management side, for all installations together: to list them
 * costs more than a dozen requests and megabytes of CRDs, which every pass of every cluster would pay.
 */
export interface ProviderWatch {
  /**
   * What there is: listed once, and again after the next news or five minutes, because deletions and kinds
   * that are not watched are no news. Fails as the listing does; the next call lists again.
   */
  bundle(): Promise<ProviderBundle>;
  /**
   * Takes an object of PROVIDER_SOURCES as it is now, and tells whether that is news: whether anything
   * changed that is copied. From then on `bundle` is another one; whoever keeps what was made of the old one
   * has to throw it away.
   */
  notice(object: KubeObject): boolean;
  /** Milliseconds since the last news; a process that has just started knows of none. */
  quietMs(): number;
}

/** PROVIDER_SOURCES are the kinds whose changes are an upgrade or a change of settings of a provider. */
export const PROVIDER_SOURCES: readonly Pick<Source, 'type' | 'options'>[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
  CRD,
].map((type) => ({ type, options: { labelSelector: PROVIDER_LABEL } }));

const LONGEST_KEPT_MS = 5 * 60_000;

/** Makes a ProviderWatch over the management side. */
export function watchProviders(management: KubeApi): ProviderWatch {
  /** By the name of the object: status changes all the time and is no news, nor is what a relist repeats. */
  const states = new Map<string, string>();
  let lastNews = performance.now();
  let kept: { readonly bundle: Promise<ProviderBundle>; readonly since: number } | undefined;

  function load(): Promise<ProviderBundle> {
    const loading = { bundle: loadBundle(management), since: performance.now() };
    kept = loading;
    loading.bundle.catch(() => {
      if (kept === loading) kept = undefined;
    });
    return loading.bundle;
  }

  return {
    quietMs: () => performance.now() - lastNews,
    bundle: () =>
      kept === undefined || performance.now() - kept.since > LONGEST_KEPT_MS ? load() : kept.bundle,
    notice(object): boolean {
      const [id, state] = [idOf(object), stateOf(object)];
      if (states.get(id) === state) return false;
      states.set(id, state);
      lastNews = performance.now();
      kept = undefined;
      return true;
    },
  };
}

/** What of an object matters here: what is copied, and that it is about to go. */
function stateOf(object: KubeObject): string {
  const copy: unknown = copyOf(object);
  const { deletionTimestamp = '' } = object.metadata;
  return (isRecord<Json>(copy) ? contentHash(copy) : '') + deletionTimestamp;
}
