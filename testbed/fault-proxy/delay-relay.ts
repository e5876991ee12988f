import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** RelayOptions are the listen address and the target of a relay. */
export interface RelayOptions {
  /** Address to listen at; all when absent. */
  readonly host?: string;
  /** Port to listen at; any free one when absent. */
  readonly port?: number;
  readonly target: { readonly host: string; readonly port: number };
}

/**
 * DelayRelay adds latency: it copies bytes of TCP connections in both directions with a delay. TLS is
 * passed through, so client certificates and HTTP/2 work as without it.
 */
export interface DelayRelay {
  readonly port: number;
  /**
   * Adds milliseconds in each direction, so twice as much per round trip; a new connection has one more
   * round trip, as for its handshake. Applies to bytes that arrive from now on.
   */
  delay(oneWayMs: number): void;
  /** `refuse` closes all connections and accepts no new ones; `hang` keeps them open without passing bytes. */
  cut(how: 'refuse' | 'hang'): Promise<void>;
  /** Ends a cut; held bytes are delivered. */
  join(): Promise<void>;
  close(): Promise<void>;
}

/** State is the shared state of all connections of a relay. */
interface State {
  oneWayMs: number;
  hanging: boolean;
  readonly sockets: Set<Socket>;
  readonly held: (() => void)[];
}

/** Starts a relay; a connection is closed when its target refuses it. */
export async function startDelayRelay(options: RelayOptions): Promise<DelayRelay> {
  const state: State = { oneWayMs: 0, hanging: false, sockets: new Set(), held: [] };
  const server = createServer((socket) => attach(socket, options, state));
  await listen(server, options.host, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  async function refuse(): Promise<void> {
    const closed = server.listening ? once(server, 'close') : undefined;
    if (server.listening) server.close();
    for (const socket of state.sockets) socket.destroy();
    state.held.length = 0;
    await closed;
  }
  return {
    port,
    delay: (oneWayMs) => {
      state.oneWayMs = oneWayMs;
    },
    async cut(how) {
      if (how === 'hang') state.hanging = true;
      else await refuse();
    },
    async join() {
      state.hanging = false;
      for (const release of state.held.splice(0)) release();
      if (!server.listening) await listen(server, options.host, port);
    },
    close: refuse,
  };
}

async function listen(server: Server, host: string | undefined, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function attach(near: Socket, { target }: RelayOptions, state: State): void {
  const far = connect(target);
  // The delay of a real handshake: the first bytes arrive later.
  const openFrom = performance.now() + 2 * state.oneWayMs;
  join(near, far, { state, notBefore: openFrom });
  join(far, near, { state, notBefore: 0 });
}

/** Copies one direction; the end of one direction ends both. */
function join(
  from: Socket,
  to: Socket,
  { state, notBefore }: { readonly state: State; readonly notBefore: number },
): void {
  state.sockets.add(from);
  from.setNoDelay(true);
  const waiting: { readonly at: number; readonly action: () => void }[] = [];
  let last = notBefore;
  /** In order, even when delay and cut change meanwhile. */
  function drain(): void {
    for (;;) {
      const [next] = waiting;
      if (next === undefined) return;
      if (state.hanging) {
        state.held.push(drain);
        return;
      }
      const rest = next.at - performance.now();
      if (rest > 0) {
        setTimeout(drain, rest);
        return;
      }
      waiting.shift();
      next.action();
    }
  }
  function pass(action: () => void): void {
    last = Math.max(last, performance.now() + state.oneWayMs);
    waiting.push({ at: last, action });
    if (waiting.length === 1) drain();
  }
  from.on('data', (chunk) => pass(() => to.write(chunk)));
  from.on('end', () => pass(() => to.end()));
  from.on('error', () => undefined); // 'close' follows
  from.on('close', () => {
    state.sockets.delete(from);
    pass(() => to.destroy());
  });
}
