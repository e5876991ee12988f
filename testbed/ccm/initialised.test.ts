import { describe, expect, it } from '@jest/globals';
import { initialised, UNINITIALIZED } from './initialised.ts';

const TAINT = { key: UNINITIALIZED, value: 'true', effect: 'NoSchedule' };
const OTHER = { key: 'other', effect: 'NoSchedule' };

describe('the cloud controller manager of pretended machines', () => {
  it('gives a Node its providerID and takes the taint, no other', () => {
    expect(initialised('one', { taints: [OTHER, TAINT] })).toEqual({
      spec: { providerID: 'in-memory://one', taints: [OTHER] },
    });
  });

  it('never changes a providerID, which nobody may', () => {
    expect(initialised('one', { providerID: 'x://y', taints: [TAINT] })).toEqual({
      spec: { providerID: 'x://y', taints: [] },
    });
  });

  it('leaves a Node alone that did not come up for it', () => {
    expect(initialised('one', { taints: [OTHER] })).toBeUndefined();
    expect(initialised('one', {})).toBeUndefined();
  });
});
