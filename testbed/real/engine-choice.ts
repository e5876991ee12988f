import { BlockList } from 'node:net';
import { NODE_NETWORK } from './addresses.ts';

/** EngineFacts are the input of the choice of a Docker engine. */
export interface EngineFacts {
  /** Address of the machine's engine: `DOCKER_HOST`, or what Docker itself takes without it. */
  readonly host: string;
  /** Whether the user requires the world's own engine. */
  readonly ownWanted: boolean;
  /** The facts that the engine reports; a string is the error when it does not answer. */
  readonly answer: EngineAnswer | string;
  /** Name of this machine. */
  readonly hostname: string;
  /** Where this machine's routes lead, such as `192.0.2.0/24`, but for those of the engine's network of nodes. */
  readonly routes: readonly string[];
}

/** EngineAnswer is what an engine reports. */
export interface EngineAnswer {
  readonly version: string;
  /** Names of the programs behind the socket; Docker's own is called `Engine`. */
  readonly components: readonly string[];
  /** Name of the machine that it runs on. */
  readonly hostname: string;
  /** Whether the folder of its images is seen from here. */
  readonly folderIsHere: boolean;
  /** Its security options, such as `name=rootless`. */
  readonly security: readonly string[];
  /** The network of nodes that is there and that no world has made. */
  readonly network?: { readonly subnet: string; readonly gateway: string };
  /** Containers of others on that network, or that Cluster API or kind treats as nodes. */
  readonly strangers: readonly string[];
}

/** EngineChoice is the engine of a world: the engine of the machine, by its socket path, or a separate one. */
export type EngineChoice =
  { readonly socket: string; readonly version: string } | { readonly ownBecause: string };

const UNIX = 'unix://';

/**
 * chooseEngine prefers the engine of the machine, so that users can inspect the nodes there, but uses it only
 * if it can run nodes without disturbing others.
 */
export function chooseEngine(facts: EngineFacts): EngineChoice {
  const { host, ownWanted, answer } = facts;
  if (ownWanted) return { ownBecause: 'MANAGED_CLUSTER_ENGINE=own' };
  if (!host.startsWith(UNIX)) {
    return { ownBecause: `${host} is not a local socket, which nodes must mount` };
  }
  if (typeof answer === 'string') return { ownBecause: `no engine answers: ${answer}` };
  const hindrance = hindranceOf(answer, facts);
  if (hindrance !== undefined)
    return { ownBecause: `the engine at ${host} cannot be used: ${hindrance}` };
  return { socket: host.slice(UNIX.length), version: answer.version };
}

function hindranceOf(answer: EngineAnswer, facts: EngineFacts): string | undefined {
  return kindOfEngine(answer, facts) ?? othersOnNetwork(answer) ?? occupied(facts);
}

function kindOfEngine(answer: EngineAnswer, { hostname }: EngineFacts): string | undefined {
  const { components, security } = answer;
  if (!components.includes('Engine')) return `it is not a Docker engine (${components.join(', ')})`;
  // Docker Desktop's is in a virtual machine; a socket may also be handed into a container.
  if (answer.hostname !== hostname || !answer.folderIsHere) {
    return `it runs on ${answer.hostname}, which does not share network and files with this machine`;
  }
  const mapped = ['name=rootless', 'name=userns'].find((option) => security.includes(option));
  return mapped === undefined ? undefined : `nodes need the real root user in it (${mapped})`;
}

function othersOnNetwork({ network, strangers }: EngineAnswer): string | undefined {
  const { name, subnet, gateway } = NODE_NETWORK;
  if (network !== undefined && (network.subnet !== subnet || network.gateway !== gateway)) {
    return `its network "${name}" has the subnet ${network.subnet}, not ${subnet}, and Cluster API supports only this network name`;
  }
  if (strangers.length === 0) return undefined;
  return `it has nodes of other users (${strangers.join(', ')})`;
}

function occupied({ routes }: EngineFacts): string | undefined {
  const { subnet } = NODE_NETWORK;
  const route = routes.find((one) => overlap(one, subnet));
  return route === undefined
    ? undefined
    : `the subnet ${subnet} of the nodes overlaps with the route ${route} of this machine`;
}

/** Two IPv4 networks, such as `10.0.0.0/8`, overlap when one begins in the other. */
function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

function contains(network: string, other: string): boolean {
  const [address = '', prefix = '32'] = network.split('/');
  const list = new BlockList();
  list.addSubnet(address, Number(prefix));
  return list.check(other.split('/')[0] ?? '');
}
