import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '@managed-cluster/toolchain';
import { messageOf } from '../../lib/errors.ts';
import { NODE_NETWORK } from './addresses.ts';
import { MACHINE_LABELS } from './containers.ts';
import { dockerAt, type Docker } from './docker.ts';
import type { EngineAnswer, EngineFacts } from './engine-choice.ts';
import { WORLD_LABEL } from './images.ts';

/** The default address of the Docker CLI (docker/cli, opts/hosts_unix.go). */
const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/** An engine that takes longer to answer is of no use. */
const TIMEOUT_MS = 5000;

/** NodeNetwork is the network of nodes as reported by the engine. */
interface NodeNetwork {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly IPAM: { readonly Config: readonly { Subnet?: string; Gateway?: string }[] | null };
}

/** engineFacts asks the Docker engine that a user of this machine would talk to; a Docker context is not looked at. */
export async function engineFacts(env: Readonly<NodeJS.ProcessEnv>): Promise<EngineFacts> {
  const given = env['DOCKER_HOST'] ?? '';
  const host = given === '' ? DEFAULT_HOST : given;
  const docker = dockerAt(host, join(cacheRoot(), 'docker-config'), TIMEOUT_MS);
  const told = { host, ownWanted: env['MANAGED_CLUSTER_ENGINE'] === 'own', hostname: hostname() };
  try {
    const version = await ask<Version>(docker, ['version']);
    const network = await nodeNetwork(docker);
    return {
      ...told,
      answer: await answerOf(docker, version, network),
      routes: await routes(network),
    };
  } catch (error) {
    const [last = ''] = messageOf(error).split('\n').slice(-1);
    return { ...told, answer: last, routes: [] };
  }
}

/** The output of `docker version`. */
interface Version {
  readonly Server: {
    readonly Version: string;
    readonly Components?: readonly { readonly Name: string }[];
  };
}

/** The output of `docker info`. */
interface Info {
  readonly Name: string;
  readonly DockerRootDir: string;
  readonly SecurityOptions: readonly string[] | null;
}

async function answerOf(
  docker: Docker,
  { Server }: Version,
  network: NodeNetwork | undefined,
): Promise<EngineAnswer> {
  const info = await ask<Info>(docker, ['info']);
  const answer: EngineAnswer = {
    version: Server.Version,
    components: (Server.Components ?? []).map(({ Name }) => Name),
    hostname: info.Name,
    folderIsHere: existsSync(info.DockerRootDir),
    security: info.SecurityOptions ?? [],
    strangers: await strangers(docker),
  };
  // The network of a killed world is re-created.
  if (network === undefined || WORLD_LABEL in (network.Labels ?? {})) return answer;
  const [{ Subnet: subnet = '', Gateway: gateway = NODE_NETWORK.gateway } = {}] =
    network.IPAM.Config ?? [];
  return { ...answer, network: { subnet, gateway } };
}

async function nodeNetwork(docker: Docker): Promise<NodeNetwork | undefined> {
  const names = await docker(['network', 'ls', '--format', '{{.Name}}']);
  if (!names.split('\n').includes(NODE_NETWORK.name)) return undefined;
  return ask<NodeNetwork>(docker, ['network', 'inspect', NODE_NETWORK.name]);
}

async function strangers(docker: Docker): Promise<readonly string[]> {
  const filters = [`network=${NODE_NETWORK.name}`, `label=${MACHINE_LABELS.cluster}`];
  const found = await Promise.all(
    filters.map((filter) =>
      docker([
        'ps',
        '--all',
        '--filter',
        filter,
        '--format',
        `{{.Names}} {{.Label "${WORLD_LABEL}"}}`,
      ]),
    ),
  );
  const lines = found.flatMap((text) => text.split('\n')).map((line) => line.split(' '));
  const names = lines.flatMap(([name = '', ours = '']) => (ours === '' ? [name] : []));
  return [...new Set(names)].filter((name) => name !== '');
}

/** A bridge is called after its network (Docker's own choice). */
async function routes(network: NodeNetwork | undefined): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ip', ['-4', '-json', 'route', 'show']);
  const all = JSON.parse(stdout) as readonly { readonly dst: string; readonly dev?: string }[];
  const bridge = `br-${network?.Id.slice(0, 12) ?? ''}`;
  return all.filter(({ dst, dev }) => dst !== 'default' && dev !== bridge).map(({ dst }) => dst);
}

async function ask<T>(docker: Docker, command: readonly string[]): Promise<T> {
  return JSON.parse(await docker([...command, '--format', '{{json .}}'])) as T;
}
