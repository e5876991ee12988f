import { agentIdentity } from '../../lib/apis/agent.ts';
import { recordIn } from '../../lib/core/object.ts';
import { wrapError, messageOf } from '../../lib/errors.ts';
import { isUnreachable } from '../../lib/kube/errors.ts';
import { reachMessage } from '../core/teardown/take-back.ts';
import { signsAfter, UNREACHABLE_MS } from '../core/teardown/unreachable.ts';
import type { Pass } from './pass.ts';
import { answers } from './workload.ts';

/** Reached is what one look at a cluster has shown. */
export interface Reached {
  /** Why it does not answer; undefined when it does. */
  readonly failure: string | undefined;
  /** It was silent for so long, or the user says that it is dead. */
  readonly dead: boolean;
  /** What a user is told meanwhile, as the end of a message; empty when it answers. */
  readonly notice: string;
}

/** reach looks whether the cluster or its agent gives a sign of life, and counts how long it has not. */
export async function reach(pass: Pass): Promise<Reached> {
  const { deps, subject, journal, reachClock } = pass;
  const { namespace } = subject.cluster;
  const failure = await answers(deps.workload({ namespace, ...subject.kubeconfig })).then(
    () => undefined,
    // Only silence tells of a dead cluster. A refusal does not: its controllers may well run on, and
    // the Pivot of the way back says what is wrong with the credentials.
    (error: unknown) => (isUnreachable(error) ? messageOf(error) : undefined),
  );
  const beat = failure === undefined ? undefined : await lastBeat(pass);
  const sinceLastMs = reachClock.tick(subject.cluster);
  journal.note((one) => ({
    ...one,
    ...signsAfter(one, { sinceLastMs, reached: failure === undefined, beat }),
  }));
  return {
    failure,
    dead: subject.forced || journal.current.unreachableMs >= UNREACHABLE_MS,
    notice: failure === undefined ? '' : `. ${reachMessage(subject, journal.current, failure)}`,
  };
}

/** The agent comes to us by a way of its own. */
async function lastBeat({ deps, subject }: Pass): Promise<string | undefined> {
  const { namespace, name } = subject.cluster;
  const lease = await wrapError(
    'read the Lease of the agent',
    deps.management.get({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace,
      name: agentIdentity(name),
    }),
  );
  const time = recordIn(lease, 'spec')?.['renewTime'];
  return typeof time === 'string' ? time : undefined;
}
