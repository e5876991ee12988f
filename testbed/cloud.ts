import { CLOUD, CLOUD_ADDRESS } from './network/address-plan.ts';
import type { ManagedProcess } from './processes.ts';
import { binary, type WorldContext } from './world-context.ts';

/** Cloud is the pretend cloud that all sites share (facts/e2e.md 5b). */
export interface Cloud {
  /** Where the API servers of pretend clusters listen, at a port each. */
  readonly address: string;
  /** Killed and started again, it rebuilds its clusters from their DevMachines. */
  readonly process: ManagedProcess;
}

/** Prepares the cloud for the sites of these kubeconfigs; it waits for their APIs. */
export function createCloud(context: WorldContext, kubeconfigs: readonly string[]): Cloud {
  return {
    address: CLOUD_ADDRESS,
    process: context.process({
      name: 'cloud',
      namespace: CLOUD,
      command: [binary(context, 'pretend-cloud'), '--address', CLOUD_ADDRESS, ...kubeconfigs],
    }),
  };
}
