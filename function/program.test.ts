import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { runProgram } from '../lib/program/program.ts';
import { functionProgram } from './program.ts';
import type { Run } from './server/answer.ts';
import { aRequest, call, connect, echo, until } from './testing/server/harness.ts';

function started(argv: readonly string[], run: Run = echo) {
  const signals = new EventEmitter();
  const out: string[] = [];
  const err: string[] = [];
  const code = runProgram(functionProgram(run), {
    argv,
    env: {},
    signals,
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  });
  function port(): number | undefined {
    const line = out.find((text) => text.includes('"serving"'));
    return line === undefined ? undefined : Number(/:(\d+)"/.exec(line)?.[1]);
  }
  return { code, signals, out, err, port };
}

const LOCAL = ['--insecure', '--address', '127.0.0.1:0'];

describe('runProgram', () => {
  it('shows help', async () => {
    const { code, out } = started(['--help']);
    await expect(code).resolves.toBe(0);
    expect(out.join('')).toContain('Usage: function-managed-cluster');
  });

  it('ends with 2 and every mistake when it is called in a wrong way', async () => {
    const { code, err } = started(['--address', 'x', '--bogus']);
    await expect(code).resolves.toBe(2);
    expect(err.join('').split('\n')).toEqual([
      'function-managed-cluster: cannot start',
      '--bogus is not a known flag; --help lists them',
      '--address x is not host:port; use for example 0.0.0.0:9443 or [::]:9443',
      expect.stringContaining('no certificates'),
      '',
    ]);
  });

  it('ends with 1 when the port is taken, and names it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { code, out } = started(['--insecure', '--address', `127.0.0.1:${port}`]);
    await expect(code).resolves.toBe(1);
    expect(out.at(-1)).toContain(
      `cannot listen on 127.0.0.1:${port}; another process uses the port`,
    );
    holder.close();
  });

  it('ends with 1 when there are no certificates', async () => {
    const { code, out } = started(['--tls-certs-dir', 'does-not-exist']);
    await expect(code).resolves.toBe(1);
    expect(out.at(-1)).toContain('cannot read tls.crt');
  });

  it.each(['SIGTERM', 'SIGINT'])('ends with 0 after %s', async (signal) => {
    const { code, signals, port, out } = started(LOCAL);
    await until(() => port() !== undefined);
    const client = connect(port() ?? 0);
    await call(client, aRequest('t'));
    signals.emit(signal);
    await expect(code).resolves.toBe(0);
    expect(out.at(-1)).toContain('"stopped"');
    client.close();
  });

  it('ends with 1 at once after a second signal, whatever is in flight', async () => {
    let running = false;
    const { code, signals, port } = started([...LOCAL, '--shutdown-deadline', '2'], () => {
      running = true;
      return new Promise(() => undefined);
    });
    await until(() => port() !== undefined);
    const client = connect(port() ?? 0);
    const inFlight = call(client, aRequest('t')).catch(() => 'cut off');
    await until(() => running);
    const from = performance.now();
    signals.emit('SIGTERM');
    await new Promise((resolve) => setImmediate(resolve));
    signals.emit('SIGINT');
    await expect(code).resolves.toBe(1);
    expect(performance.now() - from).toBeLessThan(1800);
    await expect(inFlight).resolves.toBe('cut off');
    client.close();
  });

  it('ends with 0 when it is told before it serves', async () => {
    const { code, signals } = started(LOCAL);
    signals.emit('SIGTERM');
    await expect(code).resolves.toBe(0);
  });
});
