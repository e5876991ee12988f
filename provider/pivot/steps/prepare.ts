import { done, doneWith, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { ruleOf } from '../../core/handover/kinds.ts';
import { recordedTypes } from '../../core/handover/record.ts';
import { movedStatus, type Graph } from '../../core/pivot/graph.ts';
import { openAttempt, type Attempt } from '../../core/pivot/journal.ts';
import { moveTypes, typeKey, type MoveType } from '../../core/pivot/move-types.ts';
import { nextAttempt } from '../../core/pivot/next-attempt.ts';
import { keyringOf } from '../../handover/keyring.ts';
import { CHECKS } from '../checks.ts';
import { cloudNamed } from '../../../capi/clouds/index.ts';
import { crdsOf } from '../crds.ts';
import { CLUSTER } from '../../../capi/kinds.ts';
import { ensureNamespace, preflight } from '../preflight.ts';
import type { PivotStep, Scope } from '../scope.ts';
import { graphIn, sourceObjects } from '../sides.ts';
import { isBelieved, trustOf } from '../trust.ts';
import { isItsTurn } from '../turn.ts';

/** Prepared is an open attempt. */
export interface Prepared {
  /** The graph before the fence; undefined if an earlier pass opened the attempt. */
  readonly opened: Graph | undefined;
}

/** prepare runs all checks without changing the cluster and then opens an attempt. */
export const prepare: PivotStep<void, Prepared> = { name: 'Prepare', run };

const RETRY_MS = 5000;

async function run(scope: Scope): Promise<Outcome<Prepared>> {
  if (openAttempt(scope.record.journal) !== undefined) return doneWith({ opened: undefined });
  const turn = await isItsTurn(scope);
  if (turn.kind !== 'Done') return turn;
  const types = await searched(scope);
  if (types.kind !== 'Done') return types;
  const found = await theGraph(scope, types.value);
  if (found.kind !== 'Done') return found;
  const graph = found.value;
  const checked = await checkAll(scope, graph);
  if (checked.kind !== 'Done') return checked;
  await ensureNamespace(scope);
  // Without usable keys a handover could not write its record: nothing is fenced before they are there.
  await keyringOf(scope.deps);
  // Read here, because the activation must not take longer.
  await scope.managementUid();
  const attempt = await decided(scope, graph, types.value);
  const asked = await preflight(scope, graph, attempt);
  if (asked.kind !== 'Done') return asked;
  await open(scope, graph, attempt);
  return doneWith({ opened: graph });
}

/** The CRDs of a cluster that is taken back add no kind to those that can come back. */
async function searched(scope: Scope): Promise<Outcome<readonly MoveType[]>> {
  const { source, target, record } = scope;
  const { api, server } = source ?? target;
  const crds = await crdsOf(api, server);
  const types = moveTypes(crds, cloudNamed(record.spec.provider)?.movesAlso);
  if (isBelieved(scope)) return doneWith(types);
  const trust = await trustOf(scope);
  if (trust.kind !== 'Done') return trust;
  const recorded = recordedTypes(trust.value.record);
  return doneWith(types.filter((type) => ruleOf(typeKey(type), recorded) !== undefined));
}

async function theGraph(scope: Scope, types: readonly MoveType[]): Promise<Outcome<Graph>> {
  const { name } = scope.cluster;
  const read = await sourceObjects(scope, types);
  if (read.kind !== 'Done') return read;
  const graph = graphIn(name, read.value);
  return graph === undefined
    ? wait('WaitingForCluster', `Waiting for Cluster ${name}`, RETRY_MS)
    : doneWith(graph);
}

async function checkAll(scope: Scope, graph: Graph): Promise<Outcome> {
  for (const check of CHECKS) {
    // oxlint-disable-next-line no-await-in-loop -- the first check that fails is reported
    const outcome = await check(scope, graph);
    if (outcome.kind !== 'Done') return outcome;
  }
  return done;
}

async function decided(
  { deps, record, target, cluster }: Scope,
  graph: Graph,
  types: readonly MoveType[],
): Promise<Attempt> {
  return nextAttempt(graph, {
    pivot: record.object.metadata.uid,
    there: await target.api.get({ ...CLUSTER, ...cluster }),
    epochs: [record.status.epoch, record.journal.attempt?.epoch],
    types,
    at: deps.clock.now().toISOString(),
  });
}

async function open({ record, deps }: Scope, graph: Graph, attempt: Attempt): Promise<void> {
  const { attempts } = record.journal;
  // The attempt starts after the preflight, during which the owner still reconciled the cluster.
  const at = deps.clock.now().toISOString();
  const message = 'The pivot is in progress';
  await record.save({
    phase: 'Fence',
    epoch: attempt.epoch + 1,
    moved: movedStatus(graph),
    skipped: graph.skipped,
    freshSteps: attempts > 0,
    steps: [
      { name: 'Prepare', state: 'Ended' },
      { name: 'Fence', state: 'Begun' },
    ],
    journal: { attempts: attempts + 1, attempt: { ...attempt, at } },
    conditions: [
      { type: 'Committed', status: 'False', reason: 'UnderWay', message },
      { type: 'Aborted', status: 'False', reason: 'UnderWay', message },
      { type: 'Released', status: 'False', reason: 'UnderWay', message },
    ],
  });
}
