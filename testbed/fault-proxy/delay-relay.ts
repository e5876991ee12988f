import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** RelayOptions say where a relay listens and where its connections lead. */
export interface RelayOptions {
  /** Address to listen at; all when absent. */
  readonly host?: string;
  /** Port to listen at; any free one when absent. */
  readonly port?: number;
  readonly target: { readonly host: string; readonly port: number };
}

/**
 * DelayRelay is a wire with a length: it copies bytes of TCP connections both ways, as late as it is
 * told. TLS goes through untouched, so client certificates and HTTP/2 work as without it.
 */
export interface DelayRelay {
  readonly port: number;
  /**
   * Adds milliseconds in each direction, so twice that to each round trip; a new connection costs
   * one round trip more, as its handshake would. Holds for bytes that come from now on.
   */
  delay(oneWayMs: number): void;
  /** `refuse` breaks all connections and takes no new ones; `hang` keeps all and lets no byte through. */
  cut(how: 'refuse' | 'hang'): Promise<void>;
  /** Ends a cut; bytes that were held go on their way. */
  join(): Promise<void>;
  close(): Promise<void>;
}

/** State is what all connections of a relay look at. */
interface State {
  oneWayMs: number;
  hanging: boolean;
  readonly sockets: Set<Socket>;
  readonly held: (() => void)[];
}

/** Starts a relay; a connection whose target refuses is broken. */
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
  // What the handshake of a real connection would have cost: its first bytes come that much later.
  const openFrom = performance.now() + 2 * state.oneWayMs;
  join(near, far, { state, notBefore: openFrom });
  join(far, near, { state, notBefore: 0 });
}

/** Copies one direction; the end of one is the end of both. */
function join(
  from: Socket,
  to: Socket,
  { state, notBefore }: { readonly state: State; readonly notBefore: number },
): void {
  state.sockets.add(from);
  from.setNoDelay(true);
  const waiting: { readonly at: number; readonly action: () => void }[] = [];
  let last = notBefore;
  /** In order, whatever becomes of delay and cut meanwhile. */
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
