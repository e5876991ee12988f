import { join } from 'node:path';
import {
  binary,
  type Command,
  type CommandContext,
  type RealFile,
  startRealStage,
} from '@managed-cluster/testbed';
import { builtRelease } from '../../hack/release.ts';
import { demoReal } from './demo-real.ts';
import { progressLine } from './e2e.ts';
import { runJest } from './jest.ts';

/** The end-to-end tests on real nodes, all in one world; it needs what the demo needs. */
export const e2eReal: Command = {
  ...demoReal,
  summary: 'start real nodes with the product and run test/e2e-real (further flags go to jest)',
  run: runE2e,
};

async function runE2e({ args, environment, signal }: CommandContext): Promise<number> {
  const world = await startRealStage({
    ...environment,
    release: builtRelease(),
    onEvent: progressLine,
  });
  const told: RealFile = {
    folder: environment.folder,
    kubectl: binary(world.context, 'kubectl'),
    docker: world.engine.docker.host,
    socket: world.engine.socket,
    slowLink: binary(world.context, 'slow-link'),
    management: world.management.kubeconfig,
  };
  const file = join(environment.folder, 'real.json');
  const config = 'jest.real.config.js';
  const code = await runJest({ config, variable: 'REAL_WORLD', file, told, args, signal });
  await world.stop();
  return code;
}
