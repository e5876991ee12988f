import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { FunctionRunnerServiceService } from '@crossplane-org/function-sdk-typescript';
import { Client, credentials } from '@grpc/grpc-js';
import { waitFor } from '@managed-cluster/toolchain';
import { IMAGES } from '../../hack/images/table.ts';
import type { SteadyCall } from './steady-call.ts';
import type { Subject } from './subjects.ts';

const { path } = FunctionRunnerServiceService.runFunction;

/** Linux counts the time of processes in hundredths of a second (`getconf CLK_TCK`). */
const MICROSECONDS_A_TICK = 10_000;

/** Running is a subject that has given its first answer. */
export interface Running {
  readonly subject: Subject;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  /** Sends a call, and gives the bytes of the answer. */
  call(request: Buffer): Promise<Buffer>;
  /** CPU that the process has used, in microseconds. */
  cpu(): number;
  /** What it has in memory, in MiB. */
  memory(): number;
  stop(): Promise<void>;
}

/** start starts a subject as a process of its own on the loopback, and waits for its first answer. */
export async function start(
  subject: Subject,
  answers: string,
  { request }: SteadyCall,
): Promise<Running> {
  const address = `127.0.0.1:${await freePort()}`;
  const from = performance.now();
  // All as ours is shipped, so that none is slower or larger for its heap.
  const args = [...IMAGES.function.nodeFlags, ...subject.command(address, answers)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 5,
    'grpc.max_reconnect_backoff_ms': 5,
  });
  await waitFor({
    what: `the first answer of ${subject.name}`,
    timeoutMs: 30_000,
    intervalMs: 2,
    look: () => send(client, request),
    hopeless: () => (child.exitCode === null ? undefined : new Error(`${subject.name} has ended`)),
  });
  const startMs = performance.now() - from;
  return {
    subject,
    startMs,
    call: (bytes) => send(client, bytes),
    cpu: () => cpuOf(child),
    memory: () => memoryOf(child),
    async stop() {
      client.close();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function send(client: Client, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      request,
      (error, answer) =>
        answer === undefined ? reject(error ?? new Error(path)) : resolve(answer),
    );
  });
}

/** Fields 14 and 15 of /proc/<pid>/stat, counted from behind the name, which may have spaces. */
function cpuOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_A_TICK;
}

function memoryOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
