import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, withLock } from '@managed-cluster/toolchain';
import type { Survey } from '../command.ts';
import type { SystemCommands } from '../isolation/preconditions.ts';
import { CGROUP_PARENT } from './engine.ts';
import { chooseEngine } from './engine-choice.ts';
import { engineFacts } from './engine-survey.ts';
import { engineOfMachine, removeWorld } from './machine-engine.ts';

/** containerd fills the store of the nodes with images. */
const COMMANDS: SystemCommands = {
  docker: 'docker.io',
  containerd: 'containerd',
  ctr: 'containerd',
  debootstrap: 'debootstrap',
  tar: 'tar',
};

const ENGINE_COMMANDS: SystemCommands = {
  dockerd: 'docker.io',
  runc: 'runc',
  iptables: 'iptables',
};

/** surveyMachine chooses the Docker engine, reports which and why, and returns the requirements on the machine. */
export async function surveyMachine(): Promise<Survey> {
  const choice = chooseEngine(await engineFacts(process.env));
  if ('ownBecause' in choice) {
    console.log(`Docker engine: the world's own; ${choice.ownBecause}`);
    return { needs: { root: true, commands: { ...COMMANDS, ...ENGINE_COMMANDS } } };
  }
  const { socket, version } = choice;
  console.log(
    `Docker engine: ${version} at ${socket}; MANAGED_CLUSTER_ENGINE=own starts another one`,
  );
  return { needs: { root: true, commands: COMMANDS }, engine: socket };
}

/** Settings of the whole machine that we or a kubelet change, also from within a container (facts/real-nodes.md 8). */
const SETTINGS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
  'fs/inotify/max_user_instances',
] as const;

/**
 * All nodes share this limit: systemd, containerd, kubelet and kube-proxy each use some, and the kernel's
 * default of 128 is used up by the seventh node; kube-proxy then exits with "too many open files".
 */
const INOTIFY_INSTANCES = { name: 'fs/inotify/max_user_instances', least: 1024 } as const;

/** Settings are values by file. */
type Settings = ReadonlyMap<string, string>;

/**
 * onThisMachine runs the work while no other world of real nodes runs, because worlds share images, and
 * reverts the changes of a world outside of its namespaces, including those in an engine of the machine.
 */
export async function onThisMachine<T>(
  work: () => Promise<T>,
  { engine }: Pick<Survey, 'engine'>,
): Promise<T> {
  return withLock(
    join(cacheRoot(), 'real.lock'),
    async () => {
      const before = readSettings();
      const hadModules = existsSync(KERNEL_MODULES);
      try {
        raise(INOTIFY_INSTANCES);
        return await work();
      } finally {
        try {
          // Before the settings, because a running kubelet would change them again.
          if (engine !== undefined) await removeWorld(engineOfMachine(engine, cacheRoot()));
        } finally {
          restore(before);
          removeCgroups();
          if (!hadModules) removeEmpty(KERNEL_MODULES);
        }
      }
    },
    (holder) => console.log(`waiting for ${holder}, which is running real nodes …`),
  );
}

/** Every node mounts it, and the engine makes the folder where there is none. */
const KERNEL_MODULES = '/lib/modules';

function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

function readSettings(): Settings {
  const files = SETTINGS.map((name) => `/proc/sys/${name}`).filter((file) => existsSync(file));
  return new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
}

function raise({ name, least }: { readonly name: string; readonly least: number }): void {
  const file = `/proc/sys/${name}`;
  if (Number(readFileSync(file, 'utf8')) < least) writeFileSync(file, String(least));
}

function restore(settings: Settings): void {
  for (const [file, value] of settings) {
    if (readFileSync(file, 'utf8') !== value) writeFileSync(file, value);
  }
}

/** Nothing runs in them any more: the end of the PID namespace has ended all containers. */
function removeCgroups(): void {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  for (const line of mounts) {
    const [, mount = '', type = ''] = line.split(' ');
    if (type === 'cgroup' || type === 'cgroup2') removeTree(join(mount, CGROUP_PARENT));
  }
}

/** A cgroup is removed with rmdir, including its files. */
function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}
