import type { WorldEnvironment } from './environment.ts';
import { installProduct } from './product/product.ts';
import type { ProgressEvent } from './world-context.ts';
import { startWorld, type World } from './world.ts';

/** StageOptions say whom to tell while a stage comes up, and when to give up. */
export interface StageOptions {
  readonly onEvent: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
  /** Files of our package that are left out, as if an administrator had forgotten them. */
  readonly without?: readonly string[];
}

/**
 * startStage is a world with everything in it that a user has: both sites, Cluster API, Crossplane
 * and our package. Demo and e2e tests play on it.
 */
export async function startStage(
  environment: WorldEnvironment,
  { onEvent, signal, without = [] }: StageOptions,
): Promise<World> {
  const world = await startWorld({
    folder: environment.folder,
    binaries: environment.binaries,
    workload: true,
    providers: true,
    crossplane: { files: environment.crossplane },
    onEvent,
    ...(signal && { signal }),
  });
  try {
    await installProduct(world.sites.management.api, without);
    world.context.emit('our package: CRDs, permissions, policies, XRDs and Compositions');
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}
