import type { KubeApi } from '../../../lib/kube/api.ts';
import { clientFromFile } from '../../../lib/kube/client.ts';
import { worldFile } from '../world.ts';

/** Sites are the two API servers of the running world, and the folder for what a test reports. */
export interface Sites {
  readonly management: KubeApi;
  readonly workload: KubeApi;
  readonly folder: string;
}

/** sites connects to the world that the tests run in. */
export function sites(): Sites {
  const { dir, management, workload } = worldFile();
  return {
    management: clientFromFile(management.kubeconfig),
    workload: clientFromFile(workload.kubeconfig),
    folder: dir,
  };
}

/** refusal is the message with which the API server refuses; it fails when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error('the API server took what it should refuse');
}
