import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, CommandContext } from '../command.ts';
import type { RealFile } from '../real/real-file.ts';
import { startRealStage } from '../real/stage.ts';
import { repositoryRoot } from '../repository.ts';
import { binary } from '../world-context.ts';
import { demoReal } from './demo-real.ts';
import { progressLine } from './e2e.ts';

const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--config=jest.real.config.js',
  '--runInBand',
];

/** The end-to-end tests on real nodes, all in one world; it needs what the demo needs. */
export const e2eReal: Command = {
  ...demoReal,
  summary: 'start real nodes with the product and run test/e2e-real (further flags go to jest)',
  run: runE2e,
};

async function runE2e({ args, environment, signal }: CommandContext): Promise<number> {
  const world = await startRealStage({ ...environment, onEvent: progressLine });
  const file = join(environment.folder, 'real.json');
  const content: RealFile = {
    folder: environment.folder,
    kubectl: binary(world.context, 'kubectl'),
    docker: world.engine.docker.host,
    socket: world.engine.socket,
    management: world.management.kubeconfig,
  };
  writeFileSync(file, JSON.stringify(content));
  const child = spawn(process.execPath, [...JEST, ...args], {
    cwd: repositoryRoot(),
    stdio: 'inherit',
    env: { ...process.env, REAL_WORLD: file },
    signal,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  await world.stop();
  return code ?? 1;
}
