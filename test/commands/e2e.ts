import { join } from 'node:path';
import { WORLD_BINARIES } from '@managed-cluster/toolchain';
import {
  accessTo,
  applyCrds,
  binary,
  type Command,
  type CommandContext,
  FOREIGN_PROVIDERS,
  foreignCrds,
  type ForeignProviderName,
  type ProgressEvent,
  type Site,
  startControl,
  startStage,
  type WorldFile,
} from '@managed-cluster/testbed';
import type { KubeObject } from '../../lib/core/object.ts';
import { runJest } from './jest.ts';

/** The lifecycle begins without this CRD, and installs it when it has seen what happens then. */
const LATE = 'package/crds/clusterprofiles.m.managedcluster.io.yaml';

/** The end-to-end tests, all in one world. */
export const e2e: Command = {
  summary: 'start a world with the product in it and run test/e2e (further flags go to jest)',
  binaries: WORLD_BINARIES,
  prepare: async (binaries) => {
    await crdsOfClouds(binaries['kubectl'] ?? '');
  },
  run: runE2e,
};

/** What the clouds that have no pretend machines bring: enough for a dry run of their objects. */
async function crdsOfClouds(kubectl: string): Promise<readonly KubeObject[]> {
  const names = Object.keys(FOREIGN_PROVIDERS) as readonly ForeignProviderName[];
  const crds = await Promise.all(names.map((name) => foreignCrds(name, { kubectl })));
  return crds.flat();
}

/** progressLine shows a step of the start with its seconds. */
export function progressLine({ t, what }: ProgressEvent): void {
  console.log(`${t.toFixed(1).padStart(6)} s  ${what}`);
}

function siteFile({ name, kubeconfig, auditLog, authority }: Site): WorldFile['management'] {
  return { name, kubeconfig, auditLog, authority };
}

async function runE2e({ args, environment, signal }: CommandContext): Promise<number> {
  const world = await startStage(environment, {
    onEvent: progressLine,
    signal,
    without: [LATE],
  });
  const { management, workload } = world.sites;
  await applyCrds(management.api, await crdsOfClouds(binary(world.context, 'kubectl')));
  world.context.emit('site m: CRDs of the other clouds');
  const control = await startControl(world);
  const told: WorldFile = {
    dir: environment.folder,
    kubectl: binary(world.context, 'kubectl'),
    control: control.url,
    management: siteFile(management),
    workload: siteFile(workload),
    access: await accessTo(workload),
  };
  const file = join(environment.folder, 'world.json');
  const config = 'jest.e2e.config.js';
  const code = await runJest({ config, variable: 'WORLD', file, told, args, signal });
  control.close();
  await world.stop();
  return code;
}
