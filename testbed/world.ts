import {
  startCrossplane,
  type Crossplane,
  type CrossplaneOptions,
} from './crossplane/crossplane.ts';
import { CHART_IMAGES, startCharts } from './charts/charts.ts';
import { ccmImage } from './ccm/image.ts';
import { createCloud, type Cloud } from './cloud.ts';
import { createNetwork, removeNetwork, type Link } from './network/network.ts';
import { installProviders } from './providers/install.ts';
import { renderProviders, type RenderedProviders } from './providers/render.ts';
import { agentImage } from './product/images.ts';
import { imageMap } from './providers/table.ts';
import { createSite, startApi, startControllers, type Site } from './site/site.ts';
import { binary, worldContext, type ProgressEvent, type WorldContext } from './world-context.ts';

/** WorldOptions are the folder of a world and the parts to start. */
export interface WorldOptions {
  /** Folder of this world; logs go to `logs` in it. */
  readonly folder: string;
  /** Paths of the binaries by name. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Whether there is a site to pivot to. */
  readonly workload: boolean;
  /**
   * Cluster API's providers on the management site, and the pretend cloud behind all sites. On the
   * workload site they are for the product to install.
   */
  readonly providers: boolean;
  /** Crossplane on the management site; none when absent. */
  readonly crossplane?: CrossplaneOptions;
  readonly onEvent: (event: ProgressEvent) => void;
  /** Aborts the start; no effect after the start. */
  readonly signal?: AbortSignal;
}

/** World is the sites, the link between them and their processes. */
export interface World {
  readonly dir: string;
  /** The workload site; fails in a world without one. */
  readonly sites: { readonly management: Site; readonly workload: Site };
  /** Fails in a world without Crossplane. */
  readonly crossplane: Crossplane;
  /** Fails in a world without providers. */
  readonly cloud: Cloud;
  readonly link: Link;
  /** For further processes of this world, such as a controller under test. */
  readonly context: WorldContext;
  /** Kills all processes and removes the networks, so that another world can start; the folder is kept. */
  stop(): Promise<void>;
}

/**
 * Starts a world in the namespaces of this process, which must be isolated (isolation/), and waits until
 * everything is ready. If a part fails, the started parts are stopped.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const context = worldContext(options);
  async function stop(): Promise<void> {
    await context.killAll();
    await removeNetwork();
  }
  try {
    const link = await createNetwork();
    const parts = await createParts(options, context);
    const { management, workload, cloud } = parts;
    const started = Promise.all([
      startManagement(parts, context, options.crossplane),
      workload && startSite(workload, context),
      cloud?.process.start(),
      options.providers && startCharts(context),
    ]);
    const [crossplane] = await orAborted(started, options.signal);
    return {
      dir: options.folder,
      sites: {
        management,
        get workload() {
          return present(workload, 'workload site');
        },
      },
      get crossplane() {
        return present(crossplane, 'Crossplane');
      },
      get cloud() {
        return present(cloud, 'providers');
      },
      link,
      context,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const aborted = new Promise<never>((_resolve, reject) => {
    function abort(): void {
      reject(new Error('the world was stopped during its start'));
    }
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([work, aborted]);
}

interface Parts {
  readonly management: Site;
  readonly workload: Site | undefined;
  readonly cloud: Cloud | undefined;
  /** Manifests of the providers. */
  readonly providers: Promise<RenderedProviders> | undefined;
}

async function createParts(
  { workload, providers }: WorldOptions,
  context: WorldContext,
): Promise<Parts> {
  const images = providers
    ? { ...imageMap(context.binaries), ...agentImage(context), ...CHART_IMAGES, ...ccmImage() }
    : {};
  const management = await createSite('m', context, images);
  const other = workload ? await createSite('w', context, images) : undefined;
  const kubeconfigs = [management, other].flatMap((site) => site?.kubeconfig ?? []);
  return {
    management,
    workload: other,
    cloud: providers ? createCloud(context, kubeconfigs) : undefined,
    providers: providers ? renderProviders({ kubectl: binary(context, 'kubectl') }) : undefined,
  };
}

async function startManagement(
  parts: Parts,
  context: WorldContext,
  options: CrossplaneOptions | undefined,
): Promise<Crossplane | undefined> {
  const { management } = parts;
  await startApi(management, context);
  const [crossplane] = await Promise.all([
    options && startCrossplane(context, management, options),
    startControllers(management, context).then(() => addProviders(management, parts, context)),
  ]);
  return crossplane;
}

async function startSite(site: Site, context: WorldContext): Promise<void> {
  await startApi(site, context);
  await startControllers(site, context);
}

async function addProviders(site: Site, parts: Parts, context: WorldContext): Promise<void> {
  if (parts.providers === undefined) return;
  await installProviders(site.api, await parts.providers, { hopeless: () => context.failure() });
  context.emit(`site ${site.name}: providers of Cluster API are ready`);
}

function present<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`this world was started without the ${name}`);
  return part;
}
