import { SIDE_LABEL } from '../../lib/apis/ownership.ts';
import type { ControllerParts, ProviderDeps, Source } from '../deps.ts';
import { installPolicies } from './policies.ts';

/** The only key of this controller: all policies are reconciled together. */
const ALL = { namespace: '', name: 'management' } as const;

/** Interval between checks without events, in milliseconds. */
const LOOK_AGAIN_MS = 5 * 60_000;

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** policiesController keeps the admission policies of the management side as shipped. */
export function policiesController({ management, log }: ProviderDeps): ControllerParts {
  return {
    reconciler: {
      name: 'policies',
      async reconcile() {
        const written = await installPolicies(management, 'management');
        if (written.length > 0) log.info({ written }, 'admission policies written');
        return { requeueAfterMs: LOOK_AGAIN_MS };
      },
    },
    sources: ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'].map(
      (kind): Source => ({
        type: { apiVersion: API_VERSION, kind },
        options: { labelSelector: SIDE_LABEL },
        toKeys: () => [ALL],
      }),
    ),
    initial: [ALL],
    workers: 1,
  };
}
