import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import {
  keepInRelease,
  manifestOf,
  objectsOf,
  storedReleases,
  withKept,
} from './stored-release.ts';
import { packedRelease, unpackedRelease } from '../testing/helm-double.ts';
import { apiDouble } from '../testing/api-double.ts';

const CLAIM = `# Source: db/templates/claim.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data # the data
  annotations:
    plain: yes
spec:
  mode: 0400
  most: 9223372036854775807
  text: "0123"`;
const MAP = `# Source: db/templates/map.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {script: "a\\n---\\nb"}`;
const MANIFEST = `---\n${CLAIM}\n---\n${MAP}\n`;

function isClaim({ kind }: KubeObject): boolean {
  return kind === 'PersistentVolumeClaim';
}

function secret(revision: number, data: object): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `sh.helm.release.v1.db.v${revision}`,
      namespace: 'n',
      labels: { owner: 'helm', name: 'db', version: String(revision), status: 'superseded' },
    },
    data,
  };
}

describe('withKept', () => {
  it('adds the word to the chosen objects and changes nothing else', () => {
    const kept = withKept(MANIFEST, isClaim);
    expect(kept).toContain('    plain: yes\n    helm.sh/resource-policy: keep\n');
    expect(kept.replace('    helm.sh/resource-policy: keep\n', '').trim()).toBe(
      `${CLAIM}\n---\n${MAP}`,
    );
    expect(withKept(kept, isClaim)).toBe(kept);
  });

  it.each([
    { reason: 'none', metadata: 'metadata:\n  name: data' },
    { reason: 'an empty block', metadata: 'metadata:\n  name: data\n  annotations:' },
    { reason: 'in one line', metadata: 'metadata: {name: data, annotations: {a: b}}' },
    {
      reason: 'another word',
      metadata: 'metadata:\n  name: data\n  annotations:\n    helm.sh/resource-policy: delete',
    },
  ])('whatever annotations there are: $reason', ({ metadata }) => {
    const text = `apiVersion: v1\nkind: PersistentVolumeClaim\n${metadata}\n`;
    expect(objectsOf(withKept(text, isClaim))).toMatchObject([
      { metadata: { name: 'data', annotations: { 'helm.sh/resource-policy': 'keep' } } },
    ]);
  });

  it('takes a list apart, because Helm keeps or deletes it as a whole', () => {
    const items = [CLAIM, MAP].map((text) => `- ${text.replaceAll('\n', '\n  ')}`);
    const list = `apiVersion: v1\nkind: List\nitems:\n${items.join('\n')}\n`;
    const parts = withKept(list, isClaim).split('\n---\n');
    expect(parts).toHaveLength(2);
    expect(parts.map((part) => objectsOf(part)[0]?.metadata.annotations)).toEqual([
      expect.objectContaining({ 'helm.sh/resource-policy': 'keep' }),
      undefined,
    ]);
  });
});

describe('a release of Helm', () => {
  const record = { name: 'db', version: 10, manifest: MANIFEST, config: { a: [1] } };

  it('is written back with only its manifest changed, into the last revision', async () => {
    const { api, put, get } = apiDouble();
    put(secret(10, { release: packedRelease(record) }));
    put(secret(9, { release: packedRelease({ ...record, version: 9 }) }));
    const all = await storedReleases(api, { name: 'db', namespace: 'n' });
    const last = all.at(-1);
    if (last === undefined) throw new Error('no release');
    await keepInRelease(api, last, isClaim);

    const name = 'Secret n/sh.helm.release.v1.db.v10';
    expect(unpackedRelease(get(name))).toEqual({
      ...record,
      manifest: withKept(MANIFEST, isClaim),
    });
    expect(unpackedRelease(get('Secret n/sh.helm.release.v1.db.v9'))['manifest']).toBe(MANIFEST);
  });

  it('is read as the first versions of Helm v3 wrote it, not compressed', async () => {
    const { api, put } = apiDouble();
    const plain = Buffer.from(JSON.stringify(record)).toString('base64');
    put(secret(1, { release: Buffer.from(plain).toString('base64') }));
    const [first] = await storedReleases(api, { name: 'db', namespace: 'n' });
    expect(first && manifestOf(first)).toBe(MANIFEST);
  });

  it.each([{}, { release: 'bm8=' }, { release: 'secret' }])(
    'is not uninstalled blindly when it can not be read: %o',
    async (data) => {
      const { api, put } = apiDouble();
      put(secret(1, data));
      const [first] = await storedReleases(api, { name: 'db', namespace: 'n' });
      expect(() => first && manifestOf(first)).toThrow('uninstall the release by hand');
    },
  );
});
