import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../core/object.ts';
import { agentClusterOf, compositeUidOf } from './composed.ts';
import { X_MANAGED_CLUSTER } from './kinds.ts';
import { COMPOSITE_UID_ANNOTATION } from './ownership.ts';

const OTHER = { apiVersion: 'a/v1', kind: 'Other', name: 'o', uid: 'uid-other', controller: true };
const OWNER = { ...X_MANAGED_CLUSTER, name: 'x', uid: 'uid-x' };

function composed(metadata: KubeObject['metadata']): KubeObject {
  return { apiVersion: 'a/v1', kind: 'A', metadata: { namespace: 'team-a', ...metadata } };
}

describe('compositeUidOf', () => {
  it('takes the stamp before an owner, and only owners that are composites', () => {
    const annotations = { [COMPOSITE_UID_ANNOTATION]: 'uid-stamp' };
    const ownerReferences = [OTHER, OWNER];
    expect(compositeUidOf(composed({ annotations, ownerReferences }))).toBe('uid-stamp');
    expect(compositeUidOf(composed({ ownerReferences }))).toBe('uid-x');
    expect(compositeUidOf(composed({ ownerReferences: [OTHER] }))).toBeUndefined();
  });
});

describe('agentClusterOf', () => {
  it('is a cluster without composite if nothing says for which one it was made', () => {
    expect(agentClusterOf(composed({}), 'demo')).toEqual({ namespace: 'team-a', name: 'demo' });
  });
});
