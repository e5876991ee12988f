import { describe, expect, it } from '@jest/globals';
import { CLUSTER_LABEL, ESCROW_LABEL, HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { chunkData, escrowSecrets, escrowSets, nextSequence } from './escrow-set.ts';

const cluster = { namespace: 'team', name: 'demo' };

function setOf(sequence: number, chunks: readonly string[]): readonly KubeObject[] {
  const hash = `hash-${sequence}`;
  return escrowSecrets({ cluster, sequence, hash, chunks, time: '2026-01-01T00:00:00Z' });
}

function without(secrets: readonly KubeObject[], index: number): readonly KubeObject[] {
  return secrets.filter((_, at) => at !== index);
}

function going({ metadata, ...rest }: KubeObject): KubeObject {
  return { ...rest, metadata: { ...metadata, deletionTimestamp: 'now' } };
}

describe('escrowSecrets', () => {
  it('are held, refer to the cluster only by label, and are immutable', () => {
    const [first] = setOf(3, ['YQ==', 'Yg==']);

    expect(first).toMatchObject({
      type: 'managedcluster.io/escrow',
      immutable: true,
      metadata: {
        namespace: 'team',
        labels: { [ESCROW_LABEL]: '3', [CLUSTER_LABEL]: 'demo', [HOLD_LABEL]: '' },
      },
    });
    expect(first?.metadata.ownerReferences).toBeUndefined();
  });

  it('of two sets never share a name', () => {
    const names = [...setOf(1, ['a', 'b']), ...setOf(2, ['a', 'b'])].map(
      (one) => one.metadata.name,
    );

    expect(new Set(names).size).toBe(4);
  });
});

describe('escrowSets', () => {
  const [old, fresh] = [setOf(1, ['a', 'b', 'c']), setOf(2, ['d', 'e'])];

  it.each([
    { reason: 'there is nothing', secrets: [], complete: [] },
    { reason: 'the new set is there', secrets: [...old, ...fresh], complete: [2, 1] },
    { reason: 'the new set lacks its end', secrets: [...old, ...without(fresh, 1)], complete: [1] },
    {
      reason: 'the new set lacks its start',
      secrets: [...old, ...without(fresh, 0)],
      complete: [1],
    },
    {
      reason: 'the old set is half removed',
      secrets: [...without(old, 1), ...fresh],
      complete: [2],
    },
    {
      reason: 'a chunk of the old set is going',
      secrets: [...old.slice(0, 2), ...old.slice(2).map(going), ...fresh],
      complete: [2],
    },
    {
      reason: 'both are half there',
      secrets: [...without(old, 0), ...without(fresh, 0)],
      complete: [],
    },
  ])('finds the complete sets: $reason', ({ secrets, complete }) => {
    const sets = escrowSets(secrets.toReversed());

    expect(sets.filter((set) => set.complete).map(({ sequence }) => sequence)).toEqual(complete);
  });

  it('puts chunks in order, also more than nine', () => {
    const chunks = Array.from({ length: 12 }, (_, index) => `chunk-${index}`);
    const [set] = escrowSets(setOf(1, chunks).toReversed());

    expect(set?.secrets.map(chunkData)).toEqual(chunks);
  });

  it('continues after an incomplete set', () => {
    expect(nextSequence(escrowSets([...old, ...without(fresh, 1)]))).toBe(3);
    expect(nextSequence([])).toBe(1);
  });
});
