import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { stepsOf } from './pivot-steps.ts';

function pivot(steps: unknown): KubeObject {
  return {
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'Pivot',
    metadata: {},
    status: { steps },
  };
}

const FENCE = {
  name: 'Fence',
  startTime: '2026-01-01T00:00:00.250Z',
  endTime: '2026-01-01T00:00:02.000Z',
};

describe('stepsOf', () => {
  it('are those that have ended, with their seconds', () => {
    const steps = [FENCE, { name: 'Copy', startTime: '2026-01-01T00:00:02.000Z' }];
    expect(stepsOf(pivot(steps))).toEqual([{ what: 'Fence', seconds: 1.75 }]);
  });

  it('are none of a Pivot that has not begun', () => {
    expect(stepsOf(pivot(undefined))).toEqual([]);
  });
});
