import type { KubeObject } from '../core/object.ts';

/** PAUSED_ANNOTATION on an object stops its reconciliation by Crossplane and by our controllers (crossplane-runtime v2 meta.IsPaused). */
export const PAUSED_ANNOTATION = 'crossplane.io/paused';

/** isPaused reports whether the reconciliation of an object is paused. */
export function isPaused(object: KubeObject | undefined): boolean {
  return object?.metadata.annotations?.[PAUSED_ANNOTATION] === 'true';
}
