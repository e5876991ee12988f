import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { modulePath } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../lib/core/object.ts';

/** The namespace of Crossplane, as in its documentation. */
export const CROSSPLANE_NAMESPACE = 'crossplane-system';

/** Kinds of the chart that the world installs; its Deployments run as processes instead. */
const TAKEN = ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding'];

const MODULE = 'github.com/crossplane/crossplane/v2';

/** CrossplaneFiles are folders of Crossplane's own Go module. */
export interface CrossplaneFiles {
  readonly chart: string;
  readonly crds: string;
}

/** Finds the folders; Go downloads the module if it is not cached. */
export async function crossplaneFiles(): Promise<CrossplaneFiles> {
  const folder = await modulePath('crossplane', MODULE);
  return {
    chart: join(folder, 'cluster', 'charts', 'crossplane'),
    crds: join(folder, 'cluster', 'crds'),
  };
}

/** ServiceAccounts and permissions exactly as the chart gives them with its default values. */
export async function chartPermissions(helm: string, chart: string): Promise<KubeObject[]> {
  const args = ['template', 'crossplane', chart, '--namespace', CROSSPLANE_NAMESPACE];
  const { stdout } = await promisify(execFile)(helm, args, { maxBuffer: 1 << 24 });
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object): object is KubeObject => object !== null && TAKEN.includes(object.kind));
}
