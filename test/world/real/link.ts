import type { Link } from '../network/network.ts';
import { NODE_NETWORK, REGISTRY } from './addresses.ts';
import type { Docker } from './docker.ts';
import { MANAGEMENT } from './management.ts';
import { exec } from './node.ts';

/** A chain of its own, so that what Kubernetes writes into the others stays as it is. */
const CHAIN = 'WORLD-LINK';

/** Whom the management side still reaches: who runs the world, and the registry, which is beside it. */
const KEPT = [NODE_NETWORK.gateway, REGISTRY.replace(/:\d+$/, '')] as const;

/**
 * linkOf is the link between the management side and all other nodes. Cut, it swallows what is sent
 * in either direction, so that both sides have to find out for themselves.
 */
export function linkOf(docker: Docker): Link {
  async function run(script: readonly string[]): Promise<void> {
    await exec(docker, MANAGEMENT, ['sh', '-ec', script.join('\n')]);
  }
  return {
    async cut() {
      await run([...joined(), ...severed()]);
    },
    async join() {
      await run(joined());
    },
  };
}

function severed(): readonly string[] {
  const kept = KEPT.flatMap((address) => [
    `iptables -A ${CHAIN} -s ${address} -j RETURN`,
    `iptables -A ${CHAIN} -d ${address} -j RETURN`,
  ]);
  return [
    `iptables -N ${CHAIN}`,
    ...kept,
    `iptables -A ${CHAIN} -i eth0 -j DROP`,
    `iptables -A ${CHAIN} -o eth0 -j DROP`,
    ...['INPUT', 'OUTPUT', 'FORWARD'].map((chain) => `iptables -I ${chain} -j ${CHAIN}`),
  ];
}

/** Nothing of it may be there; each line succeeds either way. */
function joined(): readonly string[] {
  const chains = ['INPUT', 'OUTPUT', 'FORWARD'];
  return [
    ...chains.map((chain) => `iptables -D ${chain} -j ${CHAIN} 2>/dev/null || true`),
    `iptables -F ${CHAIN} 2>/dev/null || true`,
    `iptables -X ${CHAIN} 2>/dev/null || true`,
  ];
}
