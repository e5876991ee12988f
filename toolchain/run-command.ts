import { execFile } from 'node:child_process';

/** CommandEnd is how a command has ended. */
export interface CommandEnd {
  readonly code: number;
  readonly output: string;
  /** What it printed on its standard error. */
  readonly complaint: string;
}

const TIMEOUT_MS = 90_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end; one that takes too long is killed and counts as failed. */
export function runCommand(
  program: string,
  args: readonly string[],
  folder: string,
): Promise<CommandEnd> {
  const options = {
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    // Nothing of the user's, and a home of its own: the tool keeps a cache and a configuration there.
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
  };
  return new Promise((resolve) => {
    execFile(program, [...args], options, (error, output, complaint) => {
      const code = typeof error?.code === 'number' ? error.code : 1;
      resolve({ code: error === null ? 0 : code, output, complaint: complaint.trim() });
    });
  });
}

/** Works through jobs, so many at a time; the results are in the order of the jobs. */
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
      // oxlint-disable-next-line no-await-in-loop -- each worker does one after the other
      results[index] = await work(jobs[index] as Job);
    }
  }
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
