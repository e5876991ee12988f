import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { productRoot } from '../../lib/program/product-files.ts';

/** JestRun says which tests are run, and what they are told of their world. */
export interface JestRun {
  /** Name of jest's configuration, in the root of the repository. */
  readonly config: string;
  /** Environment variable that names {@link file}. */
  readonly variable: string;
  /** Where what they are told is written, as JSON. */
  readonly file: string;
  readonly told: unknown;
  /** Further arguments for jest. */
  readonly args: readonly string[];
  readonly signal: AbortSignal;
}

/** runJest runs tests as a process of their own, one file after the other, and resolves with its exit code. */
export async function runJest(run: JestRun): Promise<number> {
  writeFileSync(run.file, JSON.stringify(run.told));
  const command = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    `--config=${run.config}`,
    '--runInBand',
    ...run.args,
  ];
  const child = spawn(process.execPath, command, {
    cwd: productRoot(),
    stdio: 'inherit',
    env: { ...process.env, [run.variable]: run.file },
    signal: run.signal,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
