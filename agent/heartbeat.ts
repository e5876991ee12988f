import { AGENTS_NAMESPACE, HEARTBEAT_SECONDS, HEARTBEATS_MISSED } from '../lib/apis/agent.ts';
import { microTime } from '../lib/core/time.ts';
import { wrapError, messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import type { Bootstrap } from './bootstrap.ts';
import { repeatedly } from './pacing.ts';

/** Heartbeat renews the agent's Lease on the management side. */
export interface Heartbeat {
  /** Whether a recent renewal succeeded, so that the agent counts as connected. */
  readonly isFresh: () => boolean;
  /** Renews until the signal. Never fails. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** HeartbeatOptions are the identity of the agent, and the callback for a restored connection. */
export interface HeartbeatOptions {
  readonly bootstrap: Bootstrap;
  readonly identity: string;
  readonly log: Logger;
  readonly onBack: () => void;
}

/** createHeartbeat creates the heartbeat of a cluster's agent. */
export function createHeartbeat(
  management: KubeApi,
  { bootstrap, identity, log, onBack }: HeartbeatOptions,
): Heartbeat {
  const [namespace, name] = [AGENTS_NAMESPACE, bootstrap.identity];
  const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name };
  let renewedAt = Number.NEGATIVE_INFINITY;
  let away = true;

  async function renew(): Promise<void> {
    const spec = {
      holderIdentity: identity,
      leaseDurationSeconds: HEARTBEAT_SECONDS * HEARTBEATS_MISSED,
      renewTime: microTime(new Date()),
    };
    await wrapError(`renew Lease ${namespace}/${ref.name}`, management.patch(ref, { spec }));
    renewedAt = performance.now();
    if (!away) return;
    away = false;
    log.info('connected to the management side');
    onBack();
  }

  return {
    isFresh: () => performance.now() - renewedAt < HEARTBEAT_SECONDS * HEARTBEATS_MISSED * 1000,
    run: (signal) =>
      repeatedly(
        renew,
        {
          everyMs: HEARTBEAT_SECONDS * 1000,
          onFailure(error): void {
            if (!away) {
              log.warn(
                { error: messageOf(error) },
                'management side does not answer, continuing without it',
              );
            }
            away = true;
          },
        },
        signal,
      ),
  };
}
