import type { BinaryName } from '@managed-cluster/toolchain';
import type { WorldEnvironment } from './environment.ts';
import type { Needs } from './isolation/preconditions.ts';

/** Survey is what a command found out about the machine. */
export interface Survey {
  /** Its additional requirements on this machine. */
  readonly needs: Needs;
  /**
   * Socket path of an existing Docker engine that the command uses. The world then shares the network of
   * the machine, because the containers of the engine are reachable there.
   */
  readonly engine?: string;
}

/** Command is a subcommand of main.ts. */
export interface Command {
  readonly summary: string;
  /** Binaries that it needs, built before it runs. */
  readonly binaries: readonly BinaryName[];
  /** Inspects this machine before anything else, without changes. */
  survey?(): Promise<Survey>;
  /**
   * Runs before the command, with access to the real network, for downloads besides the binaries.
   * Providers and Crossplane's module are prepared already.
   */
  prepare?(binaries: Readonly<Record<string, string>>): Promise<void>;
  /** Wraps all following work with setup and cleanup on the machine. */
  surround?<T>(work: () => Promise<T>, survey: Survey): Promise<T>;
  /**
   * Runs in new namespaces, which have only the network of the world unless it uses the engine of the
   * machine. Returns the exit code. After an error or a code other than 0 the logs are kept.
   */
  run(context: CommandContext): Promise<number>;
}

/** CommandContext is the input of a command. */
export interface CommandContext {
  /** The arguments after the name of the command, without the flags of main.ts. */
  readonly args: readonly string[];
  /** Whether the world keeps running for inspection after the command. */
  readonly keep: boolean;
  readonly environment: WorldEnvironment;
  /** Aborted by Ctrl-C and SIGTERM; a few seconds later everything is killed. */
  readonly signal: AbortSignal;
}
