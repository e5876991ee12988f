import { AGENTS_NAMESPACE, agentIdentity } from '../../lib/apis/agent.ts';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import { ELSEWHERE_ANNOTATION } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/object.ts';
import { wrapError, messageOf } from '../../lib/errors.ts';
import { isUnreachable } from '../../lib/kube/errors.ts';
import { escrowed } from '../core/teardown/belonging.ts';
import { elsewhereMessage, reachMessage } from '../core/teardown/take-back.ts';
import { signsAfter, UNREACHABLE_MS } from '../core/teardown/unreachable.ts';
import type { Pass } from './pass.ts';
import { answers } from './workload.ts';

/** Reached is the result of one check of a cluster. */
export interface Reached {
  /** Why the cluster does not answer; undefined if it does. */
  readonly failure: string | undefined;
  /** The cluster was silent for too long, or the user declared it dead. */
  readonly dead: boolean;
  /** Text to append to messages in the meantime; empty if the cluster answers. */
  readonly notice: string;
}

/**
 * reach checks whether the cluster answers or its agent renews its Lease, and counts how long neither
 * happened.
 */
export async function reach(pass: Pass): Promise<Reached> {
  const { deps, subject, journal, reachClock } = pass;
  const { namespace } = subject.cluster;
  const failure = await answers(
    deps.workload({ namespace, ...subject.kubeconfig, cluster: subject.cluster.name }),
  ).then(
    () => undefined,
    // Only silence indicates a dead cluster. An error response does not: its controllers may still be
    // running, and the Pivot of the take-back reports what is wrong with the credentials.
    (error: unknown) => (isUnreachable(error) ? messageOf(error) : undefined),
  );
  const beat = failure === undefined ? undefined : await lastBeat(pass);
  const elsewhere = failure !== undefined && (await isElsewhere(pass));
  const sinceLastMs = reachClock.tick(subject.cluster);
  journal.note((one) => ({
    ...one,
    ...signsAfter(one, { sinceLastMs, reached: failure === undefined || elsewhere, beat }),
  }));
  return {
    failure,
    dead: subject.forced || journal.current.unreachableMs >= UNREACHABLE_MS,
    notice:
      failure === undefined
        ? ''
        : `. ${elsewhere ? elsewhereMessage(failure) : reachMessage(subject, journal.current, failure)}`,
  };
}

/** Its agent renews its Lease on the other management side then, so that silence here is no sign of death. */
async function isElsewhere({ deps, subject }: Pass): Promise<boolean> {
  const found = await wrapError(
    'read the AgentInstallation',
    deps.management.get({ ...AGENT_INSTALLATION, ...subject.cluster }),
  );
  return found?.metadata.annotations?.[ELSEWHERE_ANNOTATION] === 'true';
}

/** The agent connects to the management side over its own route. */
async function lastBeat({ deps, subject }: Pass): Promise<string | undefined> {
  const lease = await wrapError(
    'read the Lease of the agent',
    deps.management.get({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace: AGENTS_NAMESPACE,
      name: agentIdentity(escrowed(subject)),
    }),
  );
  const time = recordIn(lease, 'spec')?.['renewTime'];
  return typeof time === 'string' ? time : undefined;
}
