import { execFile } from 'node:child_process';

/** CommandEnd is the result of a command. */
export interface CommandEnd {
  readonly code: number;
  readonly output: string;
  /** Its standard error. */
  readonly complaint: string;
}

const TIMEOUT_MS = 90_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program; after a timeout it is killed and has failed. */
export function runCommand(
  program: string,
  args: readonly string[],
  folder: string,
): Promise<CommandEnd> {
  const options = {
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    // A clean environment with a separate home, where the tool keeps its cache and configuration.
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
  };
  return new Promise((resolve) => {
    execFile(program, [...args], options, (error, output, complaint) => {
      const code = typeof error?.code === 'number' ? error.code : 1;
      resolve({ code: error === null ? 0 : code, output, complaint: complaint.trim() });
    });
  });
}

/** Runs jobs with limited concurrency; the results are in the order of the jobs. */
export async function inParallel<Job, Result>(
  jobs: readonly Job[],
  width: number,
  work: (job: Job) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < jobs.length) {
      const index = next++;
      // oxlint-disable-next-line no-await-in-loop -- each worker runs its jobs one after the other
      results[index] = await work(jobs[index] as Job);
    }
  }
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
