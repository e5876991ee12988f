import {
  binary,
  type CommandContext,
  type FaultProxy,
  installProviders,
  issueCertificate,
  renderProviders,
  type Site,
  siteAddresses,
  startFaultProxy,
  startWorld,
  targetOf,
  type World,
} from '@managed-cluster/testbed';
import type { Side } from '../oracle/audit-event.ts';
import { CONTROLLERS } from '../oracle/finding.ts';
import { countsFor, type Focus } from './kill-point.ts';
import { createWitness, type Witness } from './witness.ts';

/** MOVER is the user under whom whatever is under test hands clusters over, on both sides. */
export const MOVER = 'mover';

/** Arena is a world in which clusters are handed over under fire. */
export interface Arena {
  readonly world: World;
  readonly sites: Readonly<Record<Side, Site>>;
  /** Whatever is under test reaches both sides by these, and only by these. */
  readonly proxies: Readonly<Record<Side, FaultProxy>>;
  /** Whose writes the proxies count. */
  readonly focus: Focus;
  readonly witness: Witness;
  readonly tell: (what: string) => void;
  /** Whether the time is over that a stage may take: it ends early then, and says how far it came. */
  readonly expired: () => boolean;
  stop(): Promise<void>;
}

/** startArena starts both sites with Cluster API on both, and nothing of the product. */
export async function startArena(
  { environment, signal }: CommandContext,
  expired: () => boolean,
): Promise<Arena> {
  const world = await startWorld({
    folder: environment.folder,
    binaries: environment.binaries,
    workload: true,
    providers: true,
    onEvent: ({ t, what }) => console.log(`${t.toFixed(1).padStart(7)} s  ${what}`),
    signal,
  });
  try {
    return await arenaOf(world, expired);
  } catch (error) {
    await world.stop();
    throw error;
  }
}

async function arenaOf(world: World, expired: () => boolean): Promise<Arena> {
  const { context } = world;
  const { management, workload } = world.sites;
  const sites = { management, workload };
  await installProviders(
    workload.api,
    await renderProviders({ kubectl: binary(context, 'kubectl') }),
  );
  context.emit('site w: providers of Cluster API are ready');
  const focus = { subject: '' };
  const [before, behind] = [await proxyTo(management, focus), await proxyTo(workload, focus)];
  const proxies = { management: before, workload: behind };
  const actors = { product: [MOVER], controllers: CONTROLLERS, people: ['admin'] };
  const witness = createWitness({ sites, logs: context.logs, actors });
  return {
    world,
    sites,
    proxies,
    focus,
    witness,
    tell: context.emit,
    expired,
    async stop() {
      witness.stop();
      await world.stop();
      await Promise.all([proxies.management.close(), proxies.workload.close()]);
    },
  };
}

/** Programs of the management site reach this process at the driver's end of its wire. */
async function proxyTo(site: Site, focus: Focus): Promise<FaultProxy> {
  return startFaultProxy({
    counts: countsFor(focus),
    target: targetOf(site),
    host: siteAddresses('m').driver.driverEnd,
    credentials: await issueCertificate(site.authority, {
      commonName: MOVER,
      organizations: ['system:masters'],
      usages: ['clientAuth'],
    }),
  });
}
