import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ACCESS_USER,
  type CommandContext,
  type Site,
  type Stage,
  startStage,
} from '@managed-cluster/testbed';
import type { Side } from '../../oracle/audit-event.ts';
import { CONTROLLERS } from '../../oracle/finding.ts';
import { createWitness, type Witness } from '../witness.ts';

/** Battle is a world with the whole product in it, and whoever watches it for the oracle. */
export interface Battle {
  readonly stage: Stage;
  readonly sites: Readonly<Record<Side, Site>>;
  readonly witness: Witness;
  readonly tell: (what: string) => void;
  stop(): Promise<void>;
}

/** Whoever of the product hands clusters over: the provider on both sides, and the agent. */
const PRODUCT = [
  'system:serviceaccount:crossplane-system:managed-cluster-provider',
  ACCESS_USER,
  'system:serviceaccount:managed-cluster-system:managed-cluster-agent',
] as const;

/** startBattle starts it in a folder of its own: another world may have lived in ours. */
export async function startBattle({ environment, signal }: CommandContext): Promise<Battle> {
  const folder = join(environment.folder, 'lives');
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 });
  const stage = await startStage(
    { ...environment, folder },
    { onEvent: ({ t, what }) => console.log(`${t.toFixed(1).padStart(7)} s  ${what}`), signal },
  );
  const { management, workload } = stage.sites;
  const sites = { management, workload };
  const actors = { product: PRODUCT, controllers: CONTROLLERS, people: ['admin'] };
  const witness = createWitness({ sites, logs: stage.context.logs, actors });
  return {
    stage,
    sites,
    witness,
    tell: stage.context.emit,
    async stop() {
      witness.stop();
      await stage.stop();
    },
  };
}
