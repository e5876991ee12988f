import { join } from 'node:path';
import { managedProcess, type ManagedProcess, type ProcessSpec } from './processes.ts';

/** ProgressEvent is one line of progress; `t` is seconds since the world began to start. */
export interface ProgressEvent {
  readonly t: number;
  readonly what: string;
}

/** ProcessRequest is a ProcessSpec whose log file the world chooses. */
export type ProcessRequest = Omit<ProcessSpec, 'logFile'>;

/** WorldContext is shared by all parts of a world. */
export interface WorldContext {
  /** Folder of this world; `logs` in it is what stays after a failure. */
  readonly folder: string;
  readonly logs: string;
  /** Paths of the binaries by name, such as `etcd`. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Reports a completed step. */
  readonly emit: (what: string) => void;
  /** Makes a process of this world, which ends with it; it is not started yet. */
  readonly process: (request: ProcessRequest) => ManagedProcess;
  /** The first process that exited unexpectedly, as an error: a reason to stop waiting. */
  readonly failure: () => Error | undefined;
  /** Kills all processes and waits until they are gone. */
  readonly killAll: () => Promise<void>;
}

/** WorldContextOptions are the folder of a world and the callback for progress. */
export interface WorldContextOptions {
  readonly folder: string;
  readonly binaries: Readonly<Record<string, string>>;
  readonly onEvent: (event: ProgressEvent) => void;
}

/** Makes the context of one world. */
export function worldContext(options: WorldContextOptions): WorldContext {
  const { folder, binaries, onEvent } = options;
  const begin = performance.now();
  const logs = join(folder, 'logs');
  const processes: ManagedProcess[] = [];
  return {
    folder,
    logs,
    binaries,
    emit: (what) => onEvent({ t: (performance.now() - begin) / 1000, what }),
    process(request) {
      const process = managedProcess({ ...request, logFile: join(logs, `${request.name}.log`) });
      processes.push(process);
      return process;
    },
    failure() {
      return processes.map((process) => process.failure()).find((error) => error !== undefined);
    },
    async killAll() {
      const running = processes.filter((process) => process.pid() !== undefined);
      for (const process of running) process.kill('SIGKILL');
      await Promise.all(running.map((process) => process.exited()));
    },
  };
}

/** The path of a binary; fails when the world was started without it. */
export function binary(context: WorldContext, name: string): string {
  const path = context.binaries[name];
  if (path === undefined) throw new Error(`the world was started without the binary ${name}`);
  return path;
}
