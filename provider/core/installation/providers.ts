import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { withMirror } from './image-mirror.ts';
import type { Fields } from './json.ts';
import { copyOf, labelledFor, PROVIDER_LABEL } from './provider-copy.ts';
import { forControlPlane } from './placement.ts';
import { withAuthority } from './webhooks.ts';

/** Placement says how provider objects are copied into a cluster. */
export interface Placement {
  readonly cluster: string;
  readonly mirror?: string | undefined;
  /** The CA bundle for webhooks: PEM in base64. */
  readonly caBundle: string;
}

/** placed returns an object of a provider as it is created in the workload cluster. */
export function placed(object: KubeObject, { cluster, mirror, caBundle }: Placement): KubeObject {
  const copy = labelledFor(cluster, copyOf(object));
  return withAuthority(withMirror(forControlPlane(copy), mirror), caBundle);
}

/** ofProviders returns the objects of some providers, by their label. */
export function ofProviders(
  objects: readonly KubeObject[],
  providers: readonly string[],
): readonly KubeObject[] {
  return objects.filter((object) => providers.includes(providerOf(object)));
}

/** providerOf returns the provider that an object belongs to; empty if it has no label. */
export function providerOf({ metadata }: KubeObject): string {
  return metadata.labels?.[PROVIDER_LABEL] ?? '';
}

/** unavailable returns why a Deployment is not available; undefined if it is. */
export function unavailable(deployment: KubeObject | undefined, name: string): string | undefined {
  if (deployment === undefined) return `Deployment ${name} does not exist yet`;
  if (recordIn(deployment, 'spec')?.['replicas'] === 0) {
    return `Deployment ${name} is scaled to 0 replicas: scale it up`;
  }
  const status = recordIn(deployment, 'status') ?? {};
  if (status['observedGeneration'] !== deployment.metadata.generation) {
    return `Deployment ${name} has a change that its controller has not observed yet`;
  }
  if (runs(status) && isTrue(deployment, 'Available')) return undefined;
  const why = conditionOf(deployment, 'Available')?.message ?? 'no Pod is running';
  return `Deployment ${name} is not available yet (${why})`;
}

/** A Deployment without Pods also has Available True. */
function runs(status: Fields): boolean {
  const counts = [status['availableReplicas'], status['updatedReplicas']];
  return counts.every((count) => typeof count === 'number' && count > 0);
}
