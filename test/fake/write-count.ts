import type { KubeApi } from '../../lib/kube/api.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import type { Wrap } from './world.ts';

/** Cut is where the provider dies: at its n-th write (from 1), before or after the server has taken it. */
export interface Cut {
  readonly at: number;
  readonly when: 'Before' | 'After';
}

/** WriteCount counts the writes of one process; nothing comes through after its cut. */
export class WriteCount {
  writes = 0;
  readonly #cut: Cut | undefined;

  constructor(cut?: Cut) {
    this.#cut = cut;
  }

  /** Whether the process is dead. */
  get dead(): boolean {
    return this.#cut !== undefined && this.writes >= this.#cut.at;
  }

  /** Goes around both API servers. */
  readonly wrap: Wrap = (api) => breaking(api, this);

  /** Runs a write, or dies. */
  async write<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.dead) throw new UnreachableError('the process is dead');
    this.writes += 1;
    if (this.dead && this.#cut?.when === 'Before') throw new UnreachableError('killed before');
    const result = await work();
    if (this.dead) throw new UnreachableError('killed after');
    return result;
  }

  /** Runs a read, unless dead. */
  async read<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.dead) throw new UnreachableError('the process is dead');
    return work();
  }
}

function breaking(api: KubeApi, count: WriteCount): KubeApi {
  return {
    get: (ref) => count.read(() => api.get(ref)),
    list: (type, options) => count.read(() => api.list(type, options)),
    create: (object, options) =>
      options?.dryRun === true
        ? count.read(() => api.create(object, options))
        : count.write(() => api.create(object, options)),
    replace: (object, options) =>
      options?.dryRun === true
        ? count.read(() => api.replace(object, options))
        : count.write(() => api.replace(object, options)),
    apply: (object, options) => count.write(() => api.apply(object, options)),
    patch: (ref, patch, options) => count.write(() => api.patch(ref, patch, options)),
    delete: (ref, options) => count.write(() => api.delete(ref, options)),
    raw: (method, path, body) => count.read(() => api.raw(method, path, body)),
    watch: (type, onEvent, options) => api.watch(type, onEvent, options),
  };
}
