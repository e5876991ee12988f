import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../binaries/cache.ts';
import { withLock } from '../binaries/lock.ts';
import type { Needs } from '../isolation/preconditions.ts';
import { CGROUP_PARENT } from './engine.ts';

/** REAL_NEEDS are what a world of real nodes needs of the machine. */
export const REAL_NEEDS: Needs = {
  root: true,
  commands: {
    docker: 'docker.io',
    dockerd: 'docker.io',
    containerd: 'containerd',
    ctr: 'containerd',
    runc: 'runc',
    iptables: 'iptables',
    debootstrap: 'debootstrap',
    tar: 'tar',
  },
};

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
 * Nodes share it: systemd, containerd, kubelet and kube-proxy of each hold some, and 128, the kernel's
 * own value, are used up by the seventh node; kube-proxy then ends with "too many open files".
 */
const INOTIFY_INSTANCES = { name: 'fs/inotify/max_user_instances', least: 1024 } as const;

/** Settings are values by file. */
type Settings = ReadonlyMap<string, string>;

/**
 * onThisMachine does the work while no other world of real nodes runs, whose images it would share,
 * and puts back what such a world changes outside of its namespaces.
 */
export async function onThisMachine<T>(
  work: () => Promise<T>,
  tell: (line: string) => void = console.log,
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
        restore(before);
        removeCgroups();
        if (!hadModules) removeEmpty(KERNEL_MODULES);
      }
    },
    (holder) => tell(`${holder} runs real nodes; waiting for it …`),
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

/** A cgroup is removed by rmdir alone; its files go with it. */
function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}
