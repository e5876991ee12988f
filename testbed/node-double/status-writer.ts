import { setTimeout as delay } from 'node:timers/promises';
import { metaTime } from '../../lib/core/time.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import type { NodeContext } from './node-context.ts';
import type { Pod } from './pod.ts';
import { type PodRecord, podStatus, type PodStatus } from './status.ts';

const RETRY_MS = 1000;

/** StatusWriter writes the status of a Pod to the API server, one write at a time, the latest last. */
export class StatusWriter {
  readonly #context: NodeContext;
  readonly #pod: Pod;
  readonly #record: PodRecord;
  #conditions: PodStatus['conditions'];
  #dirty = false;
  #busy = false;
  #closed = false;

  constructor(context: NodeContext, pod: Pod, record: PodRecord) {
    this.#context = context;
    this.#pod = pod;
    this.#record = record;
    this.#conditions = pod.status?.conditions ?? [];
  }

  /** The record has changed; it will be written. Changes that come together are written together. */
  publish(): void {
    this.#dirty = true;
    if (this.#busy) return;
    this.#busy = true;
    void this.#drain();
  }

  close(): void {
    this.#closed = true;
  }

  async #drain(): Promise<void> {
    while (this.#dirty && !this.#closed) {
      this.#dirty = false;
      try {
        await this.#write();
      } catch (error) {
        if (isNotFound(error)) break;
        this.#context.log(`cannot write the status of ${this.#pod.metadata.name}:`, error);
        this.#dirty = true;
        await delay(RETRY_MS);
      }
    }
    this.#busy = false;
  }

  async #write(): Promise<void> {
    const { namespace, name, uid } = this.#pod.metadata;
    const now = metaTime(new Date());
    const status = podStatus(this.#pod, this.#record, { before: this.#conditions, now });
    await this.#context.api.patch(
      { apiVersion: 'v1', kind: 'Pod', namespace, name },
      { metadata: { uid }, status },
      { subresource: 'status' },
    );
    this.#conditions = status.conditions;
  }
}
