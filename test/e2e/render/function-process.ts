import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { builtFile } from '@managed-cluster/testbed';
import { isRecord } from '../../../lib/core/object.ts';

/** FunctionProcess is the built function, as a user starts it for a render. */
export interface FunctionProcess {
  /** `host:port`. */
  readonly address: string;
  /** Ends it; throws when it did not end by itself as asked. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the built function in plain text on a free port of the loopback.
 *
 * @throws Error with what it printed when it ends before it serves
 */
export async function startFunctionProcess(): Promise<FunctionProcess> {
  const args = [builtFile('function/main.ts'), '--insecure', '--address', '127.0.0.1:0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    const address = addressIn(line);
    if (address !== undefined) {
      child.stdout.resume();
      return { address, stop };
    }
  }
  throw new Error(`the function ended before it served:\n${printed.join('\n')}`);

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const [code] = await exited;
    if (code !== 0) throw new Error(`the function ended with exit code ${String(code)}`);
  }
}

function addressIn(line: string): string | undefined {
  const entry: unknown = JSON.parse(line);
  if (!isRecord(entry) || entry['msg'] !== 'serving') return undefined;
  const { address } = entry;
  return typeof address === 'string' ? address : undefined;
}
