import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTcp } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RunFunctionResponse, Severity, Target } from '@crossplane-org/function-sdk-typescript';
import { status } from '@grpc/grpc-js';
import type { Run } from './answer.ts';
import { PROTOCOLS } from './function-service.ts';
import type { Options } from './options.ts';
import { serve } from './serve.ts';
import {
  aRequest,
  call,
  connect,
  echo,
  recordingLog,
  testOptions,
  until,
} from '../testing/server/harness.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

async function served(run: Run, overrides: Partial<Options> = {}) {
  const { log, lines } = recordingLog();
  const server = await serve({ run, log, options: testOptions({ kind: 'Insecure' }, overrides) });
  const client = connect(server.port);
  cleanups.push(
    () => server.stop(),
    () => client.close(),
  );
  return { server, client, lines };
}

describe('calls', () => {
  it.each(PROTOCOLS)('answers under %s', async (protocol) => {
    const { client, lines } = await served(echo);
    const response = await call(client, aRequest('t1'), protocol);
    expect(response.meta?.tag).toBe('t1');
    const answered = lines.find(({ msg }) => msg === 'answered');
    expect(answered).toMatchObject({
      severity: 'DEBUG',
      protocol,
      tag: 't1',
      composite: 'ManagedCluster team/demo',
    });
  });

  it('names the phase in the log', async () => {
    const composite = { resource: { status: { phase: 'Pivoting' } } };
    const { client, lines } = await served(() =>
      RunFunctionResponse.fromPartial({ desired: { composite } }),
    );
    await call(client, aRequest('t1'));
    expect(lines.find(({ msg }) => msg === 'answered')).toMatchObject({ phase: 'Pivoting' });
  });

  it('takes a request of 20 MiB, and refuses what is over its limit', async () => {
    const { client } = await served(echo, { maxReceiveBytes: 24 * 1024 * 1024 });
    const large = await call(client, aRequest('large', 'x'.repeat(20 * 1024 * 1024)));
    expect(large.meta?.tag).toBe('large');
    const tooLarge = call(client, aRequest('tooLarge', 'x'.repeat(25 * 1024 * 1024)));
    await expect(tooLarge).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    await expect(call(client, aRequest('next'))).resolves.toMatchObject({ meta: { tag: 'next' } });
  });

  it('warns of a response that core would refuse, and sends it', async () => {
    const { client, lines } = await served(() =>
      RunFunctionResponse.fromPartial({ context: { large: 'x'.repeat(5 * 1024 * 1024) } }),
    );
    await expect(call(client, aRequest('t'))).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    expect(lines.some(({ msg }) => String(msg).includes('larger than Crossplane accepts'))).toBe(
      true,
    );
  });

  it.each<{ reason: string; run: Run }>([
    {
      reason: 'throws',
      run: ({ observed }) => {
        throw new Error(`secret ${'-'.repeat(200)} ${JSON.stringify(observed)}`);
      },
    },
    { reason: 'rejects', run: () => Promise.reject(new Error('secret')) },
    {
      reason: 'answers what cannot be encoded',
      run: () => RunFunctionResponse.fromPartial({ context: { secret: 1n } }),
    },
  ])('turns a function that $reason into one FATAL result', async ({ run }) => {
    const { client, lines } = await served(run);
    const { meta, results } = await call(client, aRequest('t9', 'quoted'));
    expect(meta).toEqual({ tag: 't9', ttl: undefined });
    expect(results).toHaveLength(1);
    const message = String(results[0]?.message);
    expect([results[0]?.severity, results[0]?.target]).toEqual([
      Severity.SEVERITY_FATAL,
      Target.TARGET_COMPOSITE_AND_CLAIM,
    ]);
    expect(message).toContain('bug');
    expect(message).not.toContain('secret');
    const logged = lines.find((line) => line['severity'] === 'ERROR');
    expect(message).toContain(`reference ${String(logged?.['reference'])}`);
    expect(logged?.['stack']).toContainEqual(expect.stringContaining('at '));
    expect(JSON.stringify(logged)).not.toContain('quoted');
    await expect(call(client, aRequest('t10'))).resolves.toMatchObject({ meta: { tag: 't10' } });
  });
});

describe('listening', () => {
  it('rejects when the port is taken, and says what to do', async () => {
    const { server } = await served(echo);
    const address = { host: '127.0.0.1', port: server.port };
    await expect(served(echo, { address })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${server.port}; another process uses the port: stop it, or choose`,
    );
  });

  it('rejects an address of another machine', async () => {
    const address = { host: '192.0.2.1', port: 0 };
    await expect(served(echo, { address })).rejects.toThrow('is not an address of this machine');
  });

  it('listens on IPv6', async () => {
    const { server } = await served(echo, { address: { host: '::1', port: 0 } });
    const socket = connectTcp(server.port, '::1');
    await expect(once(socket, 'connect')).resolves.toEqual([]);
    socket.destroy();
  });

  it('survives peers that speak nonsense or hang up', async () => {
    const { server, client } = await served(echo);
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0', '']) {
      const socket = connectTcp(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(bytes, () => socket.resetAndDestroy());
    }
    await delay(50);
    await expect(call(client, aRequest('t'))).resolves.toMatchObject({ meta: { tag: 't' } });
  });
});

describe('stop', () => {
  it('lets a call in flight finish, and takes no new connection', async () => {
    const gate = new EventEmitter();
    let started = false;
    const { server, client, lines } = await served(async (request) => {
      started = true;
      await once(gate, 'finish');
      return echo(request);
    });
    const inFlight = call(client, aRequest('slow'));
    await until(() => started);
    const stopped = server.stop();
    const late = connect(server.port);
    await expect(call(late, aRequest('late'))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    late.close();
    gate.emit('finish');
    await expect(inFlight).resolves.toMatchObject({ meta: { tag: 'slow' } });
    await expect(stopped).resolves.toBe(true);
    expect(lines.map(({ msg }) => msg).slice(-1)).toEqual(['stopped']);
  });

  it('cuts off a call that outlives the deadline', async () => {
    let started = false;
    const { server, client } = await served(
      () => {
        started = true;
        return new Promise(() => undefined);
      },
      { shutdownDeadlineMs: 100 },
    );
    const inFlight = call(client, aRequest('for ever')).catch(() => 'cut off');
    await until(() => started);
    const from = performance.now();
    await expect(server.stop()).resolves.toBe(false);
    expect(performance.now() - from).toBeLessThan(2000);
    await expect(inFlight).resolves.toBe('cut off');
  });

  it('does not wait for a connection without calls, nor for one that never spoke', async () => {
    const { server, client } = await served(echo);
    await call(client, aRequest('t'));
    const silent = connectTcp(server.port, '127.0.0.1');
    await once(silent, 'connect');
    const from = performance.now();
    await expect(server.stop()).resolves.toBe(true);
    expect(performance.now() - from).toBeLessThan(2000);
    silent.destroy();
  });
});
