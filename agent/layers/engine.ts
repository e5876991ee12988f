import type { ClusterPlanSpec, PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { scrubbed } from '../core/scrubbed.ts';
import { type BackOff, backOff } from '../../lib/core/back-off.ts';
import { messageOf } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Logger } from '../../lib/log.ts';
import type { Inventory } from '../core/inventory.ts';
import {
  REMOVAL,
  wantedLayer,
  type LayerDecision,
  type LayerState,
  type WantedLayer,
} from '../core/layers.ts';
import type { Installer } from './installer.ts';
import { progressOf, type LayerProgress } from './objects.ts';
import type { SecretValues } from './secrets.ts';
import type { InventoryStore } from './store.ts';

type Work = () => Promise<void>;

interface Attempt {
  readonly hash: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Error of the last attempt. */
  readonly failure: Failure | undefined;
}

/** EngineParts are the dependencies of the engine. */
export interface EngineParts {
  /** Impersonates the ServiceAccount of the layers. */
  readonly api: KubeApi;
  readonly store: InventoryStore;
  readonly installer: Installer;
  readonly secrets: SecretValues;
  readonly log: Logger;
  /** Called when a layer was installed or removed, or has failed. */
  readonly onChange: () => void;
  /** How often layers are repaired, in milliseconds. Default: every ten minutes. */
  readonly repairMs?: number;
}

/** How long an observation of a layer is cached, in milliseconds: while it waits, and when it is ready. */
const LOOK_WAITING_MS = 1000;
const LOOK_READY_MS = 30_000;

/** How often drift in the objects of a layer is corrected, in milliseconds. */
const REPAIR_MS = 10 * 60_000;

const RETRY: BackOff = { firstMs: 2000, longestMs: 300_000, jitter: 0.5 };

interface Look {
  readonly at: number;
  readonly of: string | undefined;
  readonly progress: LayerProgress;
}

interface Failure {
  readonly hash: string;
  readonly message: string;
  readonly times: number;
  readonly retryAt: number;
}

/** LayerEngine installs layers in the background, with one task per layer. */
export class LayerEngine {
  readonly #parts: EngineParts;
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, Failure>();
  readonly #looks = new Map<string, Look>();
  readonly #repairs = new Map<string, Promise<void>>();
  readonly #repairedAt = new Map<string, number>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** The layers of a plan, with the versions of their secrets. */
  async wanted(plan: ClusterPlanSpec): Promise<readonly WantedLayer[]> {
    await this.#parts.secrets.refresh(plan);
    return plan.layers.map((layer) => wantedLayer(layer, this.#secretsOf(layer, 'version')));
  }

  /** The observed state of the layers. */
  async states(wanted: readonly WantedLayer[]): Promise<readonly LayerState[]> {
    const inventories = await this.#parts.store.list();
    const there = inventories.filter(({ removed }) => removed !== true);
    const names = [
      ...new Set([...there.map(({ layer }) => layer), ...wanted.map(({ layer }) => layer.name)]),
    ];
    return Promise.all(
      names.map((name) =>
        this.#stateOf(
          name,
          inventories.find(({ layer }) => layer === name),
        ),
      ),
    );
  }

  /** Starts the decided tasks, unless they are running or have just failed for the same hash. */
  carryOut({ install, repair, remove }: LayerDecision): void {
    for (const { layer, hash } of install) {
      const secrets = this.#secretsOf(layer, 'text');
      this.#start(layer.name, hash, secrets, () =>
        this.#parts.installer.install(layer, hash, secrets),
      );
    }
    for (const { layer } of repair) this.#repair(layer);
    for (const name of remove) {
      this.#start(name, REMOVAL, {}, () => this.#parts.installer.remove(name));
    }
  }

  /** Whether a task is running or waits for a retry. */
  isBusy(): boolean {
    return this.#running.size > 0 || this.#failures.size > 0;
  }

  /** Resolves when no task is running. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running.values(), ...this.#repairs.values()]);
  }

  #start(name: string, hash: string, secrets: Readonly<Record<string, string>>, work: Work): void {
    const failure = this.#failures.get(name);
    // A running repair may write older content, so the installation waits for it; its end triggers a pass.
    if (this.#running.has(name) || this.#repairs.has(name)) return;
    if (failure?.hash === hash && performance.now() < failure.retryAt) return;
    const { log, onChange } = this.#parts;
    log.info({ layer: name, hash }, 'installing layer');
    const task = this.#attempt(name, { hash, secrets, failure }, work).finally(() => {
      this.#running.delete(name);
      this.#looks.delete(name);
      onChange();
    });
    this.#running.set(name, task);
  }

  /**
   * Runs in the background and is not reported: a ready layer stays ready meanwhile. A layer that was just
   * installed, or exists when the agent starts, needs no repair yet.
   */
  #repair(layer: PlanLayer): void {
    const { name } = layer;
    const { installer, log, onChange, repairMs = REPAIR_MS } = this.#parts;
    const now = performance.now();
    const last = this.#repairedAt.get(name);
    if (last === undefined) this.#repairedAt.set(name, now);
    const due = last !== undefined && now - last >= repairMs;
    if (!due || this.#running.has(name) || this.#repairs.has(name)) return;
    const secrets = this.#secretsOf(layer, 'text');
    const task = installer
      .repair(layer, secrets)
      .catch((error: unknown) => {
        const message = scrubbed(messageOf(error), secrets);
        log.warn({ layer: name, error: message }, 'cannot repair layer');
      })
      .finally(() => {
        this.#repairs.delete(name);
        this.#repairedAt.set(name, performance.now());
        onChange();
      });
    this.#repairs.set(name, task);
  }

  async #attempt(name: string, { hash, secrets, failure }: Attempt, work: Work): Promise<void> {
    const { log } = this.#parts;
    try {
      await work();
      this.#failures.delete(name);
      this.#repairedAt.delete(name);
      log.info({ layer: name, hash }, 'layer installed');
    } catch (error) {
      const message = scrubbed(messageOf(error), secrets);
      this.#failures.set(name, failed(failure, hash, message));
      log.warn({ layer: name, error: message }, 'cannot install layer');
    }
  }

  async #stateOf(name: string, inventory: Inventory | undefined): Promise<LayerState> {
    const failure = this.#failures.get(name);
    const none = { name, installed: undefined, waitingFor: undefined, failure };
    if (inventory?.installed === undefined || this.#running.has(name)) return none;
    const { waitingFor, missing } = await this.#look(inventory);
    const { installed, kept = [] } = inventory;
    return missing ? none : { ...none, installed, waitingFor, kept };
  }

  async #look({ layer, installed, objects }: Inventory): Promise<LayerProgress> {
    const last = this.#looks.get(layer);
    const settled = last !== undefined && last.progress.waitingFor === undefined;
    const holds = settled && !last.progress.missing ? LOOK_READY_MS : LOOK_WAITING_MS;
    if (last !== undefined && last.of === installed && performance.now() - last.at < holds) {
      return last.progress;
    }
    const progress = await progressOf(this.#parts.api, objects);
    this.#looks.set(layer, { at: performance.now(), of: installed, progress });
    return progress;
  }

  #secretsOf(layer: PlanLayer, what: 'text' | 'version'): Readonly<Record<string, string>> {
    const known = (layer.secretVariables ?? []).flatMap((variable) => {
      const value = this.#parts.secrets.value(variable);
      return value === undefined ? [] : [[variable.name, value[what]] as const];
    });
    return Object.fromEntries(known);
  }
}

function failed(last: Failure | undefined, hash: string, message: string): Failure {
  const times = last?.hash === hash ? last.times + 1 : 1;
  const wait = backOff(RETRY, times, Math.random());
  return { hash, message, times, retryAt: performance.now() + wait };
}
