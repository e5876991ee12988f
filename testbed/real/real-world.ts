import type { CrossplaneFiles } from '../crossplane/chart.ts';
import { installProviders } from '../providers/install.ts';
import { renderProviders, type RenderedProviders } from '../providers/render.ts';
import { binary, worldContext, type ProgressEvent, type WorldContext } from '../world-context.ts';
import { crossplaneIngredients, installCrossplane } from './crossplane.ts';
import { startEngine, type Engine } from './engine.ts';
import { linkOf, type RealLink } from './link.ts';
import { useEngine } from './machine-engine.ts';
import { startManagement, type RealCluster } from './management.ts';
import { prepare, preparedFolder } from './prepared.ts';
import { asReleased, releasedImages } from './releases.ts';
import { ensureRootFileSystems } from './root-file-systems.ts';

/** RealWorldOptions are the folder, the binaries and the engine of a world. */
export interface RealWorldOptions {
  /** Folder of this world; logs go to `logs` in it. */
  readonly folder: string;
  /** Paths of the binaries by name. */
  readonly binaries: Readonly<Record<string, string>>;
  readonly crossplane: CrossplaneFiles;
  /** Path of the socket of the machine's engine; without it the world starts its own. */
  readonly engine?: string;
  readonly onEvent: (event: ProgressEvent) => void;
}

/** RealWorld is a management side of one real node, with Crossplane and Cluster API in it. */
export interface RealWorld {
  readonly context: WorldContext;
  readonly engine: Engine;
  readonly management: RealCluster;
  /** Between the management side and the clusters that it makes. */
  readonly link: RealLink;
  /** Removes all its containers, and ends the engine if that is its own. */
  stop(): Promise<void>;
}

/** startRealWorld starts it in the namespaces of this process; the machine must have been prepared (machine.ts). */
export async function startRealWorld(options: RealWorldOptions): Promise<RealWorld> {
  const context = worldContext(options);
  const ingredients = {
    rootFileSystems: await ensureRootFileSystems(),
    capi: releasedImages(),
    crossplane: crossplaneIngredients(options.crossplane),
  };
  const prepared = preparedFolder(context, ingredients);
  const engine =
    options.engine === undefined
      ? await startEngine(context, prepared.docker)
      : await useEngine(context, options.engine);
  async function stop(): Promise<void> {
    await engine.stop();
    await context.killAll();
  }
  try {
    context.emit('the Docker engine answers');
    await prepare(context, engine.docker, prepared, ingredients);
    context.emit('images are ready, the registry answers');
    const management = await startManagement(context, engine);
    await Promise.all([
      addProviders(context, management),
      installCrossplane(context, management, options.crossplane),
    ]);
    return { context, engine, management, link: linkOf(engine.docker), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** releasedProviders are the manifests of Cluster API's providers as a release has them, each time with new certificates. */
export async function releasedProviders(context: WorldContext): Promise<RenderedProviders> {
  const kubectl = binary(context, 'kubectl');
  return asReleased(await renderProviders({ kubectl, infrastructure: 'manager', variables: {} }));
}

async function addProviders(context: WorldContext, { api }: RealCluster): Promise<void> {
  const rendered = await releasedProviders(context);
  await installProviders(api, rendered, { hopeless: () => context.failure() });
  context.emit('management: providers of Cluster API are ready');
}
