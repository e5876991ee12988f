import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { copyForm } from './copy-form.ts';
import { graphOf } from './graph.ts';
import { anObject, LABEL } from '../../testing/objects.ts';
import { copyProblems } from './verify.ts';

describe('copyProblems', () => {
  const root = anObject('Cluster', 'demo');
  const machine = anObject('Machine', 'm', {
    owners: [{ uid: 'Cluster-demo' }],
    spec: { providerID: 'p' },
    status: {
      nodeRef: { name: 'n' },
      observedGeneration: 3,
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  const graph = graphOf('demo', [root, machine]);
  if (graph === undefined) throw new Error('no graph');

  function target(change: (copy: KubeObject) => KubeObject | undefined): readonly string[] {
    const copyRoot = onTarget(root);
    const copy = onTarget(machine);
    const changed = change(copy);
    return copyProblems(graph!, changed === undefined ? [copyRoot] : [copyRoot, changed]);
  }

  it.each<{
    reason: string;
    change: (copy: KubeObject) => KubeObject | undefined;
    want: string | undefined;
  }>([
    { reason: 'complete', change: (copy) => copy, want: undefined },
    { reason: 'missing', change: () => undefined, want: 'Machine m does not exist on the target' },
    {
      reason: 'changed',
      change: (copy) => ({ ...copy, spec: { providerID: 'q' } }),
      want: 'Machine m differs on the target in spec.providerID',
    },
    {
      reason: 'without status',
      change: ({ status: _status, ...copy }) => ({ ...copy }),
      want: 'differs on the target in status',
    },
    {
      reason: 'another condition',
      change: (copy) => ({ ...copy, status: { ...(copy['status'] as object), conditions: [] } }),
      want: 'status.conditions[Ready]',
    },
    {
      reason: 'another owner',
      change: (copy) => ({
        ...copy,
        metadata: {
          ...copy.metadata,
          ownerReferences: [
            ...(copy.metadata.ownerReferences ?? []),
            { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x' },
          ],
        },
      }),
      want: 'ownerReferences',
    },
    {
      reason: 'being deleted',
      change: (copy) => ({ ...copy, metadata: { ...copy.metadata, deletionTimestamp: 'now' } }),
      want: 'is being deleted',
    },
    {
      reason: 'a stranger',
      change: () => anObject('Machine', 'm', { metadata: { labels: LABEL } }),
      want: 'but not on the source',
    },
  ])('$reason: $want', ({ change, want }) => {
    const problems = target(change).join('; ');
    expect(want === undefined ? problems : problems.includes(want)).toBe(
      want === undefined ? '' : true,
    );
  });

  it('detects one machine under two names', () => {
    const twin = {
      ...onTarget(machine),
      metadata: { ...onTarget(machine).metadata, name: 'twin', annotations: {} },
    };
    expect(copyProblems(graph, [onTarget(root), onTarget(machine), twin])).toEqual([
      'Machine twin has the providerID of Machine m',
    ]);
  });
});

function onTarget(object: KubeObject): KubeObject {
  const uid = `t-${object.metadata.uid}`;
  const copy = copyForm(object, (owner) => `t-${owner}`);
  const status = object['status'] as Record<string, unknown> | undefined;
  const conditions = [
    { type: 'Paused', status: 'True' },
    { type: 'Ready', status: 'True' },
  ];
  return {
    ...copy,
    metadata: { ...copy.metadata, uid, generation: 1 },
    ...(status === undefined ? {} : { status: { ...status, observedGeneration: 1, conditions } }),
  };
}
