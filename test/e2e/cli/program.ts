import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { builtFile } from '@managed-cluster/testbed';
import { worldFile } from '../world.ts';

/** Run is what a command line came to. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** program runs the built kubectl-managedcluster as a user does, on the management side unless told. */
export function program(args: readonly string[], kubeconfig?: string): Promise<Run> {
  const env = {
    ...process.env,
    KUBECONFIG: kubeconfig ?? worldFile().management.kubeconfig,
  };
  return new Promise((resolve) => {
    const command = [builtFile('cli/main.ts'), ...args];
    execFile(process.execPath, command, { env }, (failure, out, error) => {
      const code = failure === null ? 0 : Number(failure.code);
      resolve({ code, out, error });
    });
  });
}

/** fileIn is a file of a test in the folder of the world. */
export function fileIn(name: string): string {
  return join(worldFile().dir, name);
}
