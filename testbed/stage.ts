import type { WorldEnvironment } from './environment.ts';
import { installProduct } from './product/product.ts';
import { createProvider, type Provider } from './product/provider.ts';
import type { ProgressEvent } from './world-context.ts';
import { startWorld, type World } from './world.ts';

/** StageOptions are the callback for progress during the start of a stage, and its abort signal. */
export interface StageOptions {
  readonly onEvent: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
  /** Files of our package that are not installed, as if an administrator had forgotten them. */
  readonly without?: readonly string[];
  /** Whether our provider is started; true by default. */
  readonly provider?: boolean;
}

/** Stage is a world with our product in it. */
export interface Stage extends World {
  readonly provider: Provider;
}

/**
 * startStage starts a world with everything that a user has: both sites, Cluster API, Crossplane, our
 * package and our provider. Demo and e2e tests use it.
 */
export async function startStage(
  environment: WorldEnvironment,
  { onEvent, signal, without = [], provider: wanted = true }: StageOptions,
): Promise<Stage> {
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
    const { management } = world.sites;
    await installProduct(management.api, without);
    world.context.emit('our package: CRDs, permissions, policies, XRDs and Compositions');
    const provider = await createProvider(world.context, management);
    if (wanted) {
      await provider.first.start();
      world.context.emit('our provider is ready');
    }
    return { ...world, provider };
  } catch (error) {
    await world.stop();
    throw error;
  }
}
