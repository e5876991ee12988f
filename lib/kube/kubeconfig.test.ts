import { describe, expect, it } from '@jest/globals';
import {
  chosenIn,
  isUnambiguous,
  kubeconfigDocument,
  kubeconfigIn,
  singleKubeconfig,
} from './kubeconfig.ts';

const CLUSTER = { name: 'demo', value: { server: 'https://demo' } };
const USER = { name: 'admin', value: { token: 't' } };
const OTHER = { name: 'demo', value: { server: 'https://other' } };
const CONFIG = singleKubeconfig(CLUSTER, USER, 'here');
const DOCUMENT = kubeconfigDocument(CONFIG);

describe('kubeconfigIn', () => {
  it('reads what kubeconfigDocument writes', () => {
    expect(kubeconfigIn(DOCUMENT)).toEqual(CONFIG);
    expect(DOCUMENT).toMatchObject({ apiVersion: 'v1', kind: 'Config', 'current-context': 'here' });
  });

  it('leaves out invalid entries, and rejects values that are not objects', () => {
    const clusters = [{ name: 'demo' }, { cluster: {} }, 'demo', { name: 1, cluster: {} }];
    expect(kubeconfigIn({ ...DOCUMENT, clusters })?.clusters).toEqual([]);
    expect(kubeconfigIn([])).toBeUndefined();
  });
});

describe('chosenIn', () => {
  it('finds cluster and user of the current context; of two with one name the first', () => {
    expect(chosenIn({ ...CONFIG, clusters: [CLUSTER, OTHER] })).toEqual({
      context: { cluster: 'demo', user: 'admin' },
      cluster: CLUSTER.value,
      user: USER.value,
    });
  });

  it.each([
    { reason: 'no current context', config: { ...CONFIG, current: undefined } },
    { reason: 'a context that is not there', config: { ...CONFIG, current: 'other' } },
  ])('finds nothing: $reason', ({ config }) => {
    expect(chosenIn(config)).toEqual({ context: undefined, cluster: undefined, user: undefined });
  });
});

describe('isUnambiguous', () => {
  const one = { name: 'demo', cluster: {} };

  it.each([
    { reason: 'as written', document: DOCUMENT, want: true },
    { reason: 'a list is missing', document: { ...DOCUMENT, users: undefined }, want: false },
    { reason: 'two of one name', document: { ...DOCUMENT, clusters: [one, one] }, want: false },
    { reason: 'another shape', document: { ...DOCUMENT, clusters: [one, {}] }, want: false },
  ])('$reason: $want', ({ document, want }) => {
    expect(isUnambiguous(document, kubeconfigIn(document) ?? CONFIG)).toBe(want);
  });
});
