import type { BinaryName } from '@managed-cluster/toolchain';
import type { WorldEnvironment } from './environment.ts';
import type { Needs } from './isolation/preconditions.ts';

/** Survey is what a command found when it looked at the machine. */
export interface Survey {
  /** What it needs of this machine besides what every world needs. */
  readonly needs: Needs;
  /**
   * Path of the socket of a Docker engine that is there already and that it uses. It then shares the
   * machine's network, because that is where the engine's containers are reached.
   */
  readonly engine?: string;
}

/** Command is a subcommand of main.ts. */
export interface Command {
  readonly summary: string;
  /** Binaries that it needs, built before it runs. */
  readonly binaries: readonly BinaryName[];
  /** Looks at this machine, before anything else, and changes nothing. */
  survey?(): Promise<Survey>;
  /**
   * Runs before, where there is the real network: for what is downloaded besides the binaries.
   * Providers and Crossplane's module are prepared already.
   */
  prepare?(binaries: Readonly<Record<string, string>>): Promise<void>;
  /** Does the work, which is all that follows, after and before what it needs of the machine itself. */
  surround?<T>(work: () => Promise<T>, survey: Survey): Promise<T>;
  /**
   * Runs in fresh namespaces, where the only network is the world's unless it uses the machine's
   * engine. Resolves with the exit code. After an error or another code than 0 the logs are kept.
   */
  run(context: CommandContext): Promise<number>;
}

/** CommandContext is what a command works with. */
export interface CommandContext {
  /** What stands after the command's name, without the flags of main.ts. */
  readonly args: readonly string[];
  /** Whether the user wants to look at the world when the work is done. */
  readonly keep: boolean;
  readonly environment: WorldEnvironment;
  /** Aborted by Ctrl-C and SIGTERM; a few seconds later all is ended anyway. */
  readonly signal: AbortSignal;
}
