import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Container, Probe } from './pod.ts';

/** Probes run more often than in a kubelet, so that tests do not wait for a period. */
const UNREADY_PERIOD_MS = 300;
const READY_PERIOD_MS = 3000;

/** ProbeTarget is a running container. */
export interface ProbeTarget {
  readonly container: Container;
  readonly address: string;
  /** Ends the probing. */
  readonly signal: AbortSignal;
}

/**
 * Asks the container's probes until the signal: first the startup probe until it succeeds once,
 * then the readiness probe for ever. Without probes it is ready at once.
 */
export async function watchReadiness(
  target: ProbeTarget,
  onChange: (ready: boolean) => void,
): Promise<void> {
  const { container, signal } = target;
  const { startupProbe, readinessProbe } = container;
  if (startupProbe !== undefined) await awaitStartup(target, startupProbe);
  if (signal.aborted) return;
  if (readinessProbe === undefined) {
    onChange(true);
    return;
  }
  await watchProbe(target, readinessProbe, onChange);
}

async function awaitStartup(target: ProbeTarget, probe: Probe): Promise<void> {
  while (!(await ask(target, probe))) await pause(UNREADY_PERIOD_MS, target.signal);
}

async function watchProbe(
  target: ProbeTarget,
  probe: Probe,
  onChange: (ready: boolean) => void,
): Promise<void> {
  const period = (probe.periodSeconds ?? 10) * 1000;
  let ready = false;
  let failures = 0;
  while (!target.signal.aborted) {
    const good = await ask(target, probe);
    if (target.signal.aborted) return;
    failures = good ? 0 : failures + 1;
    const before: boolean = ready;
    ready = good || (before && failures < (probe.failureThreshold ?? 3));
    if (ready !== before) onChange(ready);
    await pause(Math.min(period, ready ? READY_PERIOD_MS : UNREADY_PERIOD_MS), target.signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** Whether the probe succeeds now (or the probing has ended). gRPC is asked for its port only. */
async function ask(target: ProbeTarget, probe: Probe): Promise<boolean> {
  if (target.signal.aborted) return true;
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.httpGet) return askHttp(target, probe.httpGet, timeout);
  const socket = probe.tcpSocket ?? probe.grpc;
  return socket === undefined || askTcp(target, socket.port, timeout);
}

/** The number of a port that may be a name of the container's. */
export function portOf(container: Container, port: string | number): number {
  const named = container.ports?.find(({ name }) => name === port);
  return named?.containerPort ?? Number(port);
}

function askHttp(
  { container, address }: ProbeTarget,
  { path = '/', port, scheme }: NonNullable<Probe['httpGet']>,
  timeout: number,
): Promise<boolean> {
  const options = { host: address, port: portOf(container, port), path, timeout, agent: false };
  return new Promise((resolve) => {
    const get = scheme === 'HTTPS' ? https.get : http.get;
    const request = get({ ...options, rejectUnauthorized: false }, (response) => {
      response.resume();
      const code = response.statusCode ?? 500;
      resolve(code >= 200 && code < 400);
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', () => resolve(false));
  });
}

function askTcp(
  { container, address }: ProbeTarget,
  port: string | number,
  timeout: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port: portOf(container, port), timeout });
    function end(good: boolean): void {
      socket.destroy();
      resolve(good);
    }
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}
