import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { withMirror } from './image-mirror.ts';
import type { Fields } from './json.ts';
import { copyOf, labelledFor, PROVIDER_LABEL } from './provider-copy.ts';
import { forControlPlane } from './placement.ts';
import { withAuthority } from './webhooks.ts';

/** Placement is how copies of provider objects are made for a cluster. */
export interface Placement {
  readonly cluster: string;
  readonly mirror?: string | undefined;
  /** What the API server trusts webhooks by: PEM in Base64. */
  readonly caBundle: string;
}

/** placed is an object of a provider as it shall be in the workload cluster. */
export function placed(object: KubeObject, { cluster, mirror, caBundle }: Placement): KubeObject {
  const copy = labelledFor(cluster, copyOf(object));
  return withAuthority(withMirror(forControlPlane(copy), mirror), caBundle);
}

/** ofProviders are the objects of some providers, by their label. */
export function ofProviders(
  objects: readonly KubeObject[],
  providers: readonly string[],
): readonly KubeObject[] {
  return objects.filter((object) => providers.includes(providerOf(object)));
}

/** providerOf is the provider that an object belongs to; empty when it says none. */
export function providerOf({ metadata }: KubeObject): string {
  return metadata.labels?.[PROVIDER_LABEL] ?? '';
}

/** unavailable is why a Deployment does not do its work; undefined when it does. */
export function unavailable(deployment: KubeObject | undefined, name: string): string | undefined {
  if (deployment === undefined) return `Deployment ${name} is not there yet`;
  if (recordIn(deployment, 'spec')?.['replicas'] === 0) {
    return `Deployment ${name} is scaled to 0 replicas: scale it up`;
  }
  const status = recordIn(deployment, 'status') ?? {};
  if (status['observedGeneration'] !== deployment.metadata.generation) {
    return `Deployment ${name} has a change that is not taken in yet`;
  }
  if (runs(status) && isTrue(deployment, 'Available')) return undefined;
  const why = conditionOf(deployment, 'Available')?.message ?? 'no Pod runs';
  return `Deployment ${name} is not available yet (${why})`;
}

/** Available is True of a Deployment without any Pod, too. */
function runs(status: Fields): boolean {
  const counts = [status['availableReplicas'], status['updatedReplicas']];
  return counts.every((count) => typeof count === 'number' && count > 0);
}
