import { readFile } from 'node:fs/promises';
import type { Host } from './hosts.ts';

/** ImageBinary replaces an image: a file or folder of this machine, and its path in the container. */
export interface ImageBinary {
  readonly bin: string;
  readonly at: string;
  /** ENTRYPOINT of the image; `[at]` by default. */
  readonly entrypoint?: readonly string[];
  /** ENV of the image; the Pod takes precedence. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further files and folders, as pairs of source and place in the container; read only. */
  readonly binds?: readonly (readonly [string, string])[];
}

/** NodeConfig is the Node of the double, and the images that it can run. */
export interface NodeConfig {
  /** Name of the Node. */
  readonly node: string;
  /** Name of the site, for logs. */
  readonly site: string;
  /** First three numbers of the Pods' addresses; `.1` is the bridge `br0` of the site. */
  readonly subnet: string;
  /** Host and port of the API server as Pods see it. */
  readonly apiServer: string;
  /** Path of the double's own kubeconfig. */
  readonly kubeconfig: string;
  /** Folder for roots and volumes (`pods/`, removed with each Pod) and logs (`logs/`, kept). */
  readonly stateDir: string;
  /** By image, with or without tag. */
  readonly images: Readonly<Record<string, ImageBinary>>;
  /** Names of the world outside that Pods can reach, as a DNS would tell them. */
  readonly hosts: readonly Host[];
}

const TEXTS = ['node', 'site', 'subnet', 'apiServer', 'kubeconfig', 'stateDir'] as const;

/** Reads the configuration file (JSON); the error names the missing field. */
export async function readConfig(path: string): Promise<NodeConfig> {
  const config = JSON.parse(await readFile(path, 'utf8')) as NodeConfig;
  for (const key of TEXTS) {
    if (typeof config[key] !== 'string' || config[key] === '') {
      throw new Error(`cannot use ${path}: ${key} is missing`);
    }
  }
  if (typeof config.images !== 'object') throw new Error(`cannot use ${path}: images is missing`);
  if (!Array.isArray(config.hosts)) throw new Error(`cannot use ${path}: hosts is missing`);
  return config;
}

/** The replacement of an image: by its full name, else without digest and tag. */
export function binaryOf(images: NodeConfig['images'], image: string): ImageBinary | undefined {
  const untagged = image.replace(/@.*$/, '').replace(/:[^/:]+$/, '');
  return images[image] ?? images[untagged];
}
