import { CLUSTER } from '../../capi/kinds.ts';
import { ASKED_SECONDS, THIS_SIDE } from '../../lib/apis/asked.ts';
import { PIVOT } from '../../lib/apis/kinds.ts';
import type { ManagementSideStatus } from '../../lib/apis/management-side.generated.ts';
import { MOST_OPEN } from '../../lib/apis/schema/management-side.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { metaTime } from '../../lib/core/time.ts';
import { messageOf } from '../../lib/errors.ts';
import type { TypeRef } from '../../lib/kube/api.ts';
import { isConflict, isNoMatch, isNotFound } from '../../lib/kube/errors.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import type { Pace } from '../../lib/reconcile/pace.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import { writeStatus } from '../../lib/reconcile/write-status.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { ask, isToBeAsked, NotPausedError } from './ask.ts';
import { Asked } from './asked.ts';
import { clusterNamedBy } from './controller.ts';

const ALL = { namespace: '', name: THIS_SIDE.name } as const;

const RENEW_MS = (ASKED_SECONDS * 1000) / 4;
/** Until the next ones of the clusters that are there are asked. */
const SOON_MS = 1000;
/** So many are asked at a time: those that do not answer take seconds each. */
const AT_ONCE = 100;

/** Clusters that do not answer are what the gate is for: it does not rest because of them. */
const PATIENT: Pace = {
  slowMs: 5000,
  patientMs: 30_000,
  longestMs: 45_000,
  longestRestMs: SOON_MS,
};

/**
 * gateController lets the managers of Cluster API become leaders on this side (policy leaders) when every cluster that was
 * here has been asked whether it manages itself. After a restore of etcd the note of that is old, so they wait until the
 * clusters were asked again, whoever starts first.
 */
export function gateController(deps: ProviderDeps): ControllerParts {
  const gate = new Gate(deps);
  return {
    reconciler: { name: 'gate', reconcile: () => gate.renew() },
    sources: [],
    initial: [ALL],
    workers: 1,
    pace: PATIENT,
  };
}

class Gate {
  readonly #deps: ProviderDeps;
  readonly #asked = new Asked();
  /** The note as this process wrote it last. */
  #note: KubeObject | undefined;

  constructor(deps: ProviderDeps) {
    this.#deps = deps;
  }

  async renew(): Promise<Result> {
    if (!this.#asked.isBegun) this.#asked.begin(await this.#clusters());
    await Promise.all(this.#asked.open.slice(0, AT_ONCE).map((key) => this.#ask(key)));
    const { open } = this.#asked;
    try {
      this.#note = await this.#write(open);
      return { requeueAfterMs: open.length === 0 ? RENEW_MS : SOON_MS };
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      // Nobody else writes it: the API server was set back.
      this.#note = undefined;
      this.#asked.reset();
      return { requeueAfterMs: SOON_MS };
    }
  }

  async #ask(key: Key): Promise<void> {
    try {
      await ask(this.#deps, key);
      this.#asked.note(key);
    } catch (error) {
      const { namespace, name } = key;
      this.#deps.log.warn({ namespace, name, error: messageOf(error) }, 'cannot ask a cluster');
      // One that manages itself holds Cluster API back until it is paused: its webhooks are served before it leads.
      if (!(error instanceof NotPausedError)) this.#asked.failed(key);
    }
  }

  /** Of most Pivots the Cluster is not here any more. */
  async #clusters(): Promise<readonly Key[]> {
    const [clusters, pivots] = await Promise.all([this.#all(CLUSTER), this.#all(PIVOT)]);
    const named = new Set(pivots.flatMap(clusterNamedBy).map(keyText));
    const asked = clusters.filter((one) => isToBeAsked(one) || named.has(keyText(keyOf(one))));
    return asked.map(keyOf);
  }

  async #all(type: TypeRef): Promise<readonly KubeObject[]> {
    try {
      return (await this.#deps.management.list(type)).items;
    } catch (error) {
      if (isNoMatch(error)) return [];
      throw error;
    }
  }

  async #write(open: readonly Key[]): Promise<KubeObject> {
    const { management, clock } = this.#deps;
    const { apiVersion, kind, name } = THIS_SIDE;
    const last =
      this.#note ??
      (await management.get(THIS_SIDE)) ??
      (await management.create({ apiVersion, kind, metadata: { name } }));
    return writeStatus(management, last, { ...statusAfter(last, open, metaTime(clock.now())) });
  }
}

function statusAfter(note: KubeObject, open: readonly Key[], now: string): ManagementSideStatus {
  if (open.length === 0) return { askedTime: now };
  const { askedTime } = (note['status'] ?? {}) as ManagementSideStatus;
  return {
    ...(askedTime === undefined ? {} : { askedTime }),
    open: open.slice(0, MOST_OPEN).map(({ namespace, name }) => `${namespace}/${name}`),
  };
}
