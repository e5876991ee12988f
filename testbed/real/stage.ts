import { serveCharts } from '../charts/charts.ts';
import { CHARTS } from './addresses.ts';
import { installRealProduct, type Release } from './product.ts';
import { startRealWorld, type RealWorld, type RealWorldOptions } from './real-world.ts';

/** startRealStage starts a world of real nodes with our product and the charts of its profile. */
export async function startRealStage(
  options: RealWorldOptions & { readonly release: Release },
): Promise<RealWorld> {
  const world = await startRealWorld(options);
  try {
    await serveCharts(world.context, CHARTS);
    await installRealProduct(world.context, world.management, options.release);
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}
