import type { CommandLine } from '@managed-cluster/testbed';
import { demoReal } from './demo-real.ts';
import { demo } from './demo.ts';
import { e2eReal } from './e2e-real.ts';
import { e2e } from './e2e.ts';
import { kill } from './kill.ts';
import { numbers } from './numbers.ts';
import { probe } from './probe.ts';
import { real } from './real.ts';
import { shell } from './shell.ts';

/** COMMANDS are what can be done with a world. */
export const COMMANDS: CommandLine = {
  commands: { demo, e2e, kill, numbers, real, shell, probe },
  withRealNodes: { demo: demoReal, e2e: e2eReal },
};
