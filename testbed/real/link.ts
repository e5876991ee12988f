import type { Link } from '../network/network.ts';
import { NODE_NETWORK, REGISTRY } from './addresses.ts';
import type { Docker } from './docker.ts';
import { flags } from './flags.ts';
import { MANAGEMENT } from './management.ts';
import { exec } from './node.ts';

/** BadNetwork is latency and loss of a link, in each direction. */
export interface BadNetwork {
  /** Additional latency. */
  readonly delayMs: number;
  /** Probability of loss, 0 to 1. */
  readonly loss: number;
}

/** RealLink is the link between the management side and all other nodes. */
export interface RealLink extends Link {
  /** Makes it slow and lossy until `join`; `slowLink` is the program for it (binaries/nodes/slow-link). */
  spoil(bad: BadNetwork, slowLink: string): Promise<void>;
}

/** A chain of its own, so that what Kubernetes writes into the others stays as it is. */
const CHAIN = 'WORLD-LINK';

const HOOKS = ['INPUT', 'OUTPUT', 'FORWARD'] as const;

/** Addresses that the management side still reaches: the machine that runs the world, and the registry. */
const KEPT = [NODE_NETWORK.gateway, REGISTRY.replace(/:\d+$/, '')] as const;

/** Number of the netfilter queue that a program of ours serves. */
const QUEUE = '7';

/** Where it is in the management node. */
const PROGRAM = '/usr/local/bin/slow-link';

/**
 * linkOf is the link between the management side and all other nodes. A cut link drops packets in both
 * directions, so that both sides have to detect the outage.
 */
export function linkOf(docker: Docker): RealLink {
  function run(script: readonly string[]): Promise<string> {
    return exec(docker, MANAGEMENT, ['sh', '-ec', script.join('\n')]);
  }
  async function join(): Promise<void> {
    await run([...joined(), 'pkill -TERM slow-link || true']);
  }
  return {
    join,
    async cut() {
      await run([...joined(), ...through('DROP')]);
    },
    async spoil({ delayMs, loss }, slowLink) {
      await join();
      await docker(['cp', slowLink, `${MANAGEMENT}:${PROGRAM}`]);
      const options = flags({ queue: QUEUE, delay: `${delayMs}ms`, loss: String(loss) });
      await docker(['exec', '--detach', MANAGEMENT, PROGRAM, ...options]);
      await run(through(`NFQUEUE --queue-num ${QUEUE}`));
    },
  };
}

/** Rules that send what goes over the link to a target of iptables. */
function through(target: string): readonly string[] {
  const kept = KEPT.flatMap((address) => [
    `iptables -A ${CHAIN} -s ${address} -j RETURN`,
    `iptables -A ${CHAIN} -d ${address} -j RETURN`,
  ]);
  return [
    `iptables -N ${CHAIN}`,
    ...kept,
    `iptables -A ${CHAIN} -i eth0 -j ${target}`,
    `iptables -A ${CHAIN} -o eth0 -j ${target}`,
    ...HOOKS.map((hook) => `iptables -I ${hook} -j ${CHAIN}`),
  ];
}

/** Nothing of it may be there; each line succeeds either way. */
function joined(): readonly string[] {
  return [
    ...HOOKS.map((hook) => `iptables -D ${hook} -j ${CHAIN} 2>/dev/null || true`),
    `iptables -F ${CHAIN} 2>/dev/null || true`,
    `iptables -X ${CHAIN} 2>/dev/null || true`,
  ];
}
