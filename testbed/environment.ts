import type { CrossplaneFiles } from './crossplane/chart.ts';
import type { Isolation } from './isolation/isolation.ts';

/**
 * WorldEnvironment is what the outer process, which has the real network, passes to the command that runs
 * in the namespaces.
 */
export interface WorldEnvironment {
  /** Folder of this run; the outer process deletes it or keeps its logs. */
  readonly folder: string;
  readonly isolation: Isolation;
  /** Process id of the outer process, in the PID namespace of the machine. */
  readonly launcher: number;
  /** Paths of the binaries that the command needs. */
  readonly binaries: Readonly<Record<string, string>>;
  readonly crossplane: CrossplaneFiles;
  /** Path of the socket of the machine's own Docker engine, when the command uses that. */
  readonly engine?: string;
}

const VARIABLE = 'MANAGED_CLUSTER_WORLD';

/** The environment of a process in the namespaces; undefined outside. */
export function worldEnvironment(): WorldEnvironment | undefined {
  const text = process.env[VARIABLE];
  return text === undefined ? undefined : (JSON.parse(text) as WorldEnvironment);
}

/** The environment variables for a process in the namespaces. */
export function withWorldEnvironment(environment: WorldEnvironment): NodeJS.ProcessEnv {
  return { ...process.env, [VARIABLE]: JSON.stringify(environment) };
}
