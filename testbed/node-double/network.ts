import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PodNetwork is the network that a Pod's containers are in. */
export interface PodNetwork {
  readonly address: string;
  /** The process that holds the network namespace; undefined for the site's own. */
  readonly holder: number | undefined;
  /** Ends the namespace and gives the address back. */
  close(): void;
}

/** PodNetworks gives each Pod a network namespace with an address on the site's bridge `br0`. */
export class PodNetworks {
  readonly #subnet: string;
  readonly #used = new Set<number>();
  #last = 9;

  constructor(subnet: string) {
    this.#subnet = subnet;
  }

  /** The Node's own address, which is that of the bridge. */
  get host(): string {
    return `${this.#subnet}.1`;
  }

  /** The site's own network, for Pods with `hostNetwork`. */
  ofHost(): PodNetwork {
    return { address: this.host, holder: undefined, close: () => undefined };
  }

  /**
   * A new network namespace. It has no name but lives as long as a process that holds it, and that
   * process dies with the double: so nothing is left over, even after SIGKILL.
   */
  async open(): Promise<PodNetwork> {
    const id = this.#take();
    const address = `${this.#subnet}.${id}`;
    const holder = hold();
    const close = (): void => {
      holder.kill('SIGKILL');
      this.#used.delete(id);
    };
    try {
      const pid = await started(holder);
      await this.#connect(pid, id);
      return { address, holder: pid, close };
    } catch (error) {
      close();
      throw new Error(`cannot create the network of ${address}`, { cause: error });
    }
  }

  async #connect(pid: number, id: number): Promise<void> {
    const host = `nd${id}`;
    // A namespace that just died may not have taken its end of the pair with it yet.
    await run('ip', ['link', 'del', host]).catch(() => undefined);
    await run('ip', [
      'link',
      'add',
      host,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      String(pid),
    ]);
    await run('ip', ['link', 'set', host, 'master', 'br0', 'up']);
    const inside = [
      'ip link set lo up',
      `ip addr add ${this.#subnet}.${id}/24 dev eth0`,
      'ip link set eth0 up',
      `ip route add default via ${this.host}`,
    ];
    await run('nsenter', ['-t', String(pid), '--net', 'sh', '-ec', inside.join('; ')]);
  }

  /** The next free number; one that was given back is used as late as possible. */
  #take(): number {
    for (let tries = 0; tries < 241; tries++) {
      this.#last = this.#last >= 250 ? 10 : this.#last + 1;
      if (this.#used.has(this.#last)) continue;
      this.#used.add(this.#last);
      return this.#last;
    }
    throw new Error(`cannot allocate an address: ${this.#subnet}.10 to .250 are in use`);
  }
}

function hold(): ChildProcess {
  const script = 'echo held; exec sleep infinity';
  return spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function started(holder: ChildProcess): Promise<number> {
  if (holder.stdout === null) throw new Error('the holder has no output');
  await Promise.race([
    once(holder.stdout, 'data'),
    once(holder, 'exit').then(() => {
      throw new Error('unshare --net failed; its message is in the log');
    }),
  ]);
  if (holder.pid === undefined) throw new Error('the holder has no pid');
  return holder.pid;
}
