import { grantAccess } from '@managed-cluster/testbed';
import type { KubeApi } from '../../lib/kube/api.ts';
import { worldFile } from './world.ts';

/** giveAccess makes the Secret that a claim names, for which its installation looks every ten seconds or more often. */
export async function giveAccess(api: KubeApi, namespace: string, secret: string): Promise<void> {
  await grantAccess(api, { namespace, name: secret }, worldFile().access);
}
