import { conditionOf } from '../../../lib/core/conditions.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';

/** Flips watches the control plane of a cluster. */
export interface Flips {
  /** What was seen that should not be: `Available Unknown`. */
  end(): Promise<readonly string[]>;
}

const KCP = { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'KubeadmControlPlane' };

/** Conditions that a control plane at rest holds, on whichever side it is. */
const TRUE = ['Available', 'Initialized', 'CertificatesAvailable'];
const FALSE = ['RollingOut', 'ScalingUp', 'ScalingDown', 'Remediating'];

/** flips notes every moment in which a control plane is not at rest, once its status has come over. */
export function flips(api: KubeApi, namespace: string): Flips {
  const stop = new AbortController();
  const seen = new Set<string>();
  const watching = api.watch(
    { ...KCP, namespace },
    ({ type, object }) => {
      // Before its status is restored a copy says nothing at all.
      if (type === 'DELETED' || conditionOf(object, 'Available') === undefined) return;
      for (const [types, wanted] of [
        [TRUE, 'True'],
        [FALSE, 'False'],
      ] as const) {
        for (const name of types) {
          const status = conditionOf(object, name)?.status;
          if (status !== undefined && status !== wanted) seen.add(`${name} ${status}`);
        }
      }
    },
    { signal: stop.signal },
  );
  return {
    async end() {
      stop.abort();
      await watching;
      return [...seen];
    },
  };
}
