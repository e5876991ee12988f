import { execFile } from 'node:child_process';
import { SITE_NAMES } from './address-plan.ts';
import {
  cutBatches,
  driverDevices,
  joinBatches,
  topologyBatches,
  type IpBatch,
} from './ip-commands.ts';

/** Link is only the connection between the two sites. */
export interface Link {
  /** Cuts the link; requests over it then fail or hang, as on a real network. */
  cut(): Promise<void>;
  /** Restores the link; no effect on a link that is up. */
  join(): Promise<void>;
}

/** Makes the network namespaces `m`, `w` and `x` and all wires between them and the driver. */
export async function createNetwork(): Promise<Link> {
  await runAll(topologyBatches());
  await Promise.all(SITE_NAMES.map(forwardPackets));
  return { cut: () => runAll(cutBatches()), join: () => runAll(joinBatches()) };
}

/**
 * Removes all named network namespaces of this mount namespace, which are those of one world. The
 * wires first: the kernel takes its time with those of a namespace that is gone, and a next world
 * needs their names.
 */
export async function removeNetwork(): Promise<void> {
  const wires = driverDevices()
    .map(
      (device) => `link delete ${device}
`,
    )
    .join('');
  await run('ip', ['-force', '-batch', '-'], wires).catch(() => undefined); // none may be left
  await run('ip', ['-all', 'netns', 'delete']);
}

/** The command that runs another one in a named network namespace, without a process between. */
export function inNamespace(
  namespace: string | undefined,
  command: readonly string[],
): readonly string[] {
  return namespace === undefined
    ? command
    : ['nsenter', `--net=/run/netns/${namespace}`, '--', ...command];
}

async function runAll(batches: readonly IpBatch[]): Promise<void> {
  for (const { namespace, lines } of batches) {
    const where = namespace === undefined ? [] : ['-n', namespace];
    // oxlint-disable-next-line no-await-in-loop -- each batch needs the devices of the one before
    await run('ip', [...where, '-batch', '-'], `${lines.join('\n')}\n`);
  }
}

async function forwardPackets(namespace: string): Promise<void> {
  const write = ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'];
  const [command = '', ...args] = inNamespace(namespace, write);
  await run(command, args);
}

function run(command: string, args: readonly string[], stdin = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else
        reject(
          new Error(`cannot set up the network: ${command} ${args.join(' ')}: ${stderr.trim()}`, {
            cause: error,
          }),
        );
    });
    child.stdin?.on('error', () => undefined); // it may exit without reading its input: its exit code has the result
    child.stdin?.end(stdin);
  });
}
