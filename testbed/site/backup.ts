import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from './site.ts';

/**
 * Keeps the data of a site's etcd under a name, as a backup of the whole cluster does. The API server is away with etcd
 * for a moment: one that runs on may not find etcd again for the better part of a minute.
 */
export async function backUp({ folder, etcdData, processes }: Site, name: string): Promise<void> {
  await processes.apiServer.stop();
  await processes.etcd.stop();
  cpSync(etcdData, backupOf(folder, name), { recursive: true, force: true });
  await processes.etcd.start();
  await processes.apiServer.start();
}

/**
 * Sets a site back to a backup. Resource versions go back too: it is the restore that does not raise them
 * (`etcdutl snapshot restore` without `--bump-revision`), which clients notice last.
 */
export async function restore({ folder, etcdData, processes }: Site, name: string): Promise<void> {
  await processes.apiServer.stop();
  await processes.etcd.stop();
  rmSync(etcdData, { recursive: true, force: true });
  cpSync(backupOf(folder, name), etcdData, { recursive: true });
  await processes.etcd.start();
  await processes.apiServer.start();
}

function backupOf(folder: string, name: string): string {
  return join(folder, `backup-${name}`);
}
