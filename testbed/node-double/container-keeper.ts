import { setTimeout as delay } from 'node:timers/promises';
import { metaTime } from '../../lib/core/time.ts';
import type { ContainerProcess } from './container-process.ts';
import type { Launcher } from './launcher.ts';
import { type Container, type Pod, StartError } from './pod.ts';
import { watchReadiness } from './probe.ts';
import { type ContainerRecord, CREATING, type Terminated } from './status.ts';

const RETRY_MS = 1000;
/** A container that ran for this long has its restart back-off reset. */
const STABLE_MS = 10_000;
const LONGEST_BACK_OFF_MS = 10_000;

/** Kept is the input of a container keeper. */
export interface Kept {
  readonly pod: Pod;
  readonly container: Container;
  /** An init container has no probes and ends. */
  readonly init: boolean;
  /** The Pod's, where probes go. */
  readonly address: string;
  readonly launcher: Pick<Launcher, 'start'>;
  /** After it, no container is started. */
  readonly signal: AbortSignal;
  /** Told of each change. */
  readonly tell: (record: ContainerRecord) => void;
  readonly log: (text: string) => void;
}

/** ContainerKeeper runs one container: starts, probes and restarts it. */
export class ContainerKeeper {
  readonly #kept: Kept;
  #record: ContainerRecord = CREATING;
  #process: ContainerProcess | undefined;

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  /** Runs the container until it is not restarted any more; returns its last exit code. */
  async run(): Promise<number> {
    const { signal, log } = this.#kept;
    let failures = 0;
    for (;;) {
      const process = await this.#start();
      if (process === undefined) return -1;
      const end = await this.#attend(process);
      if (signal.aborted || this.#isFinal(end.exitCode)) return end.exitCode;
      const lasted = Date.now() - process.startedAt.getTime();
      failures = lasted >= STABLE_MS ? 1 : failures + 1;
      const wait = restartDelay(failures);
      log(`exited with code ${end.exitCode} after ${lasted} ms, restarting in ${wait} ms`);
      this.#set({
        state: { waiting: { reason: 'CrashLoopBackOff', message: `back-off ${wait} ms` } },
        last: end,
        restarts: this.#record.restarts + 1,
        ready: false,
      });
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Ends the process: SIGTERM, and SIGKILL after the grace in seconds. */
  async stop(graceSeconds: number): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    process.signal('SIGTERM');
    const timer = setTimeout(() => process.signal('SIGKILL'), graceSeconds * 1000);
    await process.exited;
    clearTimeout(timer);
  }

  /** Starts the container, until that works; undefined when the Pod is stopped before. */
  async #start(): Promise<ContainerProcess | undefined> {
    const { signal, launcher, container, log } = this.#kept;
    while (!signal.aborted) {
      try {
        const process = await launcher.start(container);
        this.#process = process;
        if (signal.aborted) process.signal('SIGKILL');
        return process;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const reason = error instanceof StartError ? error.reason : 'CreateContainerError';
        log(`cannot start: ${reason}: ${message}`);
        this.#set({ ...this.#record, state: { waiting: { reason, message } } });
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  /** Probes the process until it ends. */
  async #attend(process: ContainerProcess): Promise<Terminated> {
    const startedAt = metaTime(process.startedAt);
    const over = new AbortController();
    this.#set({ ...this.#record, state: { running: { startedAt } } });
    if (!this.#kept.init) void this.#probe(over.signal);
    const exitCode = await process.exited;
    over.abort();
    this.#process = undefined;
    const end = { exitCode, startedAt, finishedAt: metaTime(new Date()) };
    this.#set({
      ...this.#record,
      state: { terminated: end },
      ready: this.#kept.init && exitCode === 0,
    });
    return end;
  }

  #probe(signal: AbortSignal): Promise<void> {
    const { container, address } = this.#kept;
    return watchReadiness({ container, address, signal }, (ready) => {
      if (!signal.aborted) this.#set({ ...this.#record, ready });
    });
  }

  #isFinal(exitCode: number): boolean {
    const policy = this.#kept.pod.spec.restartPolicy ?? 'Always';
    if (exitCode === 0 && this.#kept.init) return true;
    return policy === 'Never' || (policy === 'OnFailure' && exitCode === 0);
  }

  #set(record: ContainerRecord): void {
    this.#record = record;
    this.#kept.tell(record);
  }
}

/** Restart back-off in milliseconds after a number of consecutive failures. */
export function restartDelay(failures: number): number {
  return failures <= 1 ? 200 : Math.min(LONGEST_BACK_OFF_MS, 1000 * 2 ** (failures - 2));
}
