import { BlockList } from 'node:net';
import { NODE_NETWORK } from './addresses.ts';

/** EngineFacts are what the choice of a Docker engine looks at. */
export interface EngineFacts {
  /** Address of the machine's engine: `DOCKER_HOST`, or what Docker itself takes without it. */
  readonly host: string;
  /** Whether the user wants the world's own engine, whatever is there. */
  readonly ownWanted: boolean;
  /** What the engine says of itself; a text says why it says nothing. */
  readonly answer: EngineAnswer | string;
  /** Name of this machine. */
  readonly hostname: string;
  /** Where this machine's routes lead, such as `192.0.2.0/24`, but for those of the engine's network of nodes. */
  readonly routes: readonly string[];
}

/** EngineAnswer is what an engine says of itself. */
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
  /** Containers of others that are on that network, or that Cluster API or kind takes for nodes. */
  readonly strangers: readonly string[];
}

/** EngineChoice is the engine of a world: the machine's, by the path of its socket, or one of its own. */
export type EngineChoice =
  { readonly socket: string; readonly version: string } | { readonly ownBecause: string };

const UNIX = 'unix://';

/**
 * chooseEngine prefers the machine's engine, because what is in use there can also be looked at from
 * there, and takes it only when nodes get by in it and nobody else is disturbed.
 */
export function chooseEngine(facts: EngineFacts): EngineChoice {
  const { host, ownWanted, answer } = facts;
  if (ownWanted) return { ownBecause: 'MANAGED_CLUSTER_ENGINE=own' };
  if (!host.startsWith(UNIX)) {
    return { ownBecause: `${host} is no socket of this machine, and nodes mount it` };
  }
  if (typeof answer === 'string') return { ownBecause: `none answers: ${answer}` };
  const hindrance = hindranceOf(answer, facts);
  if (hindrance !== undefined)
    return { ownBecause: `the one at ${host} can't be used: ${hindrance}` };
  return { socket: host.slice(UNIX.length), version: answer.version };
}

function hindranceOf(answer: EngineAnswer, facts: EngineFacts): string | undefined {
  return kindOfEngine(answer, facts) ?? othersOnNetwork(answer) ?? occupied(facts);
}

function kindOfEngine(answer: EngineAnswer, { hostname }: EngineFacts): string | undefined {
  const { components, security } = answer;
  if (!components.includes('Engine')) return `it is no Docker engine (${components.join(', ')})`;
  // Docker Desktop's is in a virtual machine; a socket may also be handed into a container.
  if (answer.hostname !== hostname || !answer.folderIsHere) {
    return `it runs on ${answer.hostname}, whose network and files are not those of this machine`;
  }
  const mapped = ['name=rootless', 'name=userns'].find((option) => security.includes(option));
  return mapped === undefined ? undefined : `nodes need the machine's root in it (${mapped})`;
}

function othersOnNetwork({ network, strangers }: EngineAnswer): string | undefined {
  const { name, subnet, gateway } = NODE_NETWORK;
  if (network !== undefined && (network.subnet !== subnet || network.gateway !== gateway)) {
    return `its network "${name}" is ${network.subnet}, not ${subnet}, and Cluster API knows no other name`;
  }
  if (strangers.length === 0) return undefined;
  return `nodes of somebody else are in it (${strangers.join(', ')})`;
}

function occupied({ routes }: EngineFacts): string | undefined {
  const { subnet } = NODE_NETWORK;
  const route = routes.find((one) => overlap(one, subnet));
  return route === undefined ? undefined : `${subnet} of nodes is in the machine's ${route}`;
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
