import type { KubeObject } from '../core/object.ts';

/** PAUSED_ANNOTATION on an object stops every controller of Crossplane's world, ours too (crossplane-runtime v2 meta.IsPaused). */
export const PAUSED_ANNOTATION = 'crossplane.io/paused';

/** isPaused tells whether nothing may be done for an object. */
export function isPaused(object: KubeObject | undefined): boolean {
  return object?.metadata.annotations?.[PAUSED_ANNOTATION] === 'true';
}
