import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import type { Client } from '@grpc/grpc-js';
import { serve } from './serve.ts';
import type { RunningServer } from './serve.ts';
import { connect, echo, recordingLog, testOptions, until } from '../testing/server/harness.ts';

/*
 * Raw bytes, so that the codec is checked against the protocol and not against itself. HealthCheckRequest:
 * 0x0a, length, name. HealthCheckResponse: 0x08, then 1 SERVING, 2 NOT_SERVING or 3 SERVICE_UNKNOWN.
 */
function asks(service: string): Buffer {
  const name = Buffer.from(service);
  return service === '' ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

let server: RunningServer;
let client: Client;

beforeEach(async () => {
  const { log } = recordingLog();
  server = await serve({ run: echo, log, options: testOptions({ kind: 'Insecure' }) });
  client = connect(server.port);
});

afterEach(async () => {
  client.close();
  await server.stop();
});

function check(service: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const path = '/grpc.health.v1.Health/Check';
    client.makeUnaryRequest(path, same, same, asks(service), (error, answer) =>
      answer ? resolve(answer) : reject(error ?? new Error('no answer')),
    );
  });
}

function watch(service: string) {
  const seen: Buffer[] = [];
  const path = '/grpc.health.v1.Health/Watch';
  const stream = client.makeServerStreamRequest(path, same, same, asks(service));
  stream.on('data', (answer: Buffer) => seen.push(answer));
  const ended = new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  return { seen, ended, cancel: () => stream.cancel() };
}

describe('health', () => {
  const name = 'apiextensions.fn.proto.v1.FunctionRunnerService';

  it.each(['', name])('checks "%s" as SERVING', async (service) => {
    await expect(check(service)).resolves.toEqual(Buffer.from([8, 1]));
  });

  it.each(['other', 'x'.repeat(127)])('knows no service %s', async (service) => {
    await expect(check(service)).rejects.toMatchObject({ code: status.NOT_FOUND });
    const { seen, ended, cancel } = watch(service);
    await until(() => seen.length > 0);
    expect(seen).toEqual([Buffer.from([8, 3])]);
    cancel();
    await expect(ended).rejects.toMatchObject({ code: status.CANCELLED });
  });

  it('reports NOT_SERVING to a watcher on shutdown, and does not wait for it', async () => {
    const { seen, ended } = watch(name);
    await until(() => seen.length > 0);
    await expect(server.stop()).resolves.toBe(true);
    await ended;
    expect(seen).toEqual([Buffer.from([8, 1]), Buffer.from([8, 2])]);
  });
});
