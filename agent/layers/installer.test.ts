import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { createLogger } from '../../lib/log.ts';
import { LAYER_LABEL } from '../core/inventory.ts';
import { KEPT_ANNOTATION } from '../core/pruning.ts';
import { aLayer } from '../testing/cluster-states.ts';
import { helmDouble } from '../testing/helm-double.ts';
import { Installer } from './installer.ts';
import { apiDouble, establishing, storeDouble } from '../testing/api-double.ts';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: db}\n';
const CLAIM =
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: db}\n';
const CLASS = 'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n';
const VOLUME = 'apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: disk}\n';
const CRD =
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: dbs.example.org}\n';
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: db}\n';
const HELD =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, namespace: db, annotations: {helm.sh/resource-policy: keep}}\n';
const DATA = [NAMESPACE, CLAIM, CLASS, VOLUME, CRD];
const DATA_NAMES = [
  'CustomResourceDefinition dbs.example.org',
  'Namespace db',
  'PersistentVolume disk',
  'PersistentVolumeClaim db/data',
  'StorageClass fast',
];
const EVERYTHING = { prune: 'Everything' } as const;

let cluster = apiDouble();
let store = storeDouble();
let installer: Installer;

beforeEach(() => {
  cluster = apiDouble();
  store = storeDouble();
  const log = createLogger('silent');
  installer = new Installer({ api: establishing(cluster), store, helm: helmDouble(cluster), log });
});

function yaml(documents: readonly string[]): string {
  return documents.join('---\n');
}

/** Manifests and charts end alike; the release of a chart has the name of its layer. */
const WAYS: readonly {
  readonly way: string;
  readonly layer: (documents: readonly string[], part?: Partial<PlanLayer>) => PlanLayer;
}[] = [
  {
    way: 'manifests',
    layer: (documents, part) => aLayer('db', { manifests: yaml(documents), ...part }),
  },
  {
    way: 'a chart',
    layer: (documents, part) => {
      const { manifests: _none, ...layer } = aLayer('db', part);
      const values = yaml(documents) as unknown as Record<string, never>;
      return { ...layer, helm: { chart: 'c', version: '1.0.0', namespace: 'charts', values } };
    },
  },
];

function install(layer: PlanLayer, hash = 'h'): Promise<void> {
  return installer.install(layer, hash, {});
}

/** What is there, without the records of Helm. */
function names(): readonly string[] {
  return cluster.names().filter((name) => !name.startsWith('Secret '));
}

function annotate(name: string, annotations: Readonly<Record<string, string>>): void {
  const object = cluster.get(name);
  if (object === undefined) throw new Error(`there is no ${name}`);
  const all = { ...object.metadata.annotations, ...annotations };
  cluster.put({ ...object, metadata: { ...object.metadata, annotations: all } });
}

describe.each(WAYS)('a layer of $way', ({ layer }) => {
  const full = [...DATA, MAP, HELD];

  it('is removed without what data hangs on, and says what it has kept', async () => {
    await install(layer(full));
    await installer.remove('db');
    expect(names()).toEqual(['ConfigMap db/held', ...DATA_NAMES]);
    const record = store.held.get('db');
    expect(record).toMatchObject({ objects: [], removed: true });
    expect(record?.kept?.map(({ kind }) => kind).toSorted()).toEqual([
      'ConfigMap',
      'CustomResourceDefinition',
      'Namespace',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'StorageClass',
    ]);
    for (const name of ['ConfigMap db/held', ...DATA_NAMES]) {
      const { labels = {}, annotations = {} } = cluster.get(name)?.metadata ?? {};
      expect(labels[LAYER_LABEL]).toBeUndefined();
      expect(annotations[KEPT_ANNOTATION]).toBe('db');
    }
  });

  it('is removed with all of that when it has said Everything, but for what says keep', async () => {
    await install(layer(full, EVERYTHING));
    annotate('PersistentVolume disk', { 'managedcluster.io/prune': 'disabled' });
    await installer.remove('db');
    expect(names()).toEqual(['ConfigMap db/held', 'PersistentVolume disk']);
  });

  it('leaves no record behind when it has kept nothing', async () => {
    await install(layer(DATA, EVERYTHING));
    await installer.remove('db');
    expect(names()).toEqual([]);
    expect(store.held.size).toBe(0);
  });

  it('keeps single objects in the same way when it no longer has them', async () => {
    await install(layer(full));
    await install(layer([]), 'next');
    expect(names()).toEqual(['ConfigMap db/held', ...DATA_NAMES]);
    expect(store.held.get('db')).toMatchObject({ installed: 'next', objects: [] });
    expect(store.held.get('db')?.kept).toHaveLength(6);
    await installer.remove('db');
    expect(names()).toEqual(['ConfigMap db/held', ...DATA_NAMES]);
  });

  it('loses single objects when it says Everything at that moment', async () => {
    await install(layer(full));
    await install(layer([MAP], EVERYTHING), 'next');
    expect(names()).toEqual(['ConfigMap db/conf', 'ConfigMap db/held']);
  });

  it.each([
    { last: 'Everything', first: 'Safe', left: [] },
    { last: 'Safe', first: 'Everything', left: DATA_NAMES },
    { last: undefined, first: 'Everything', left: DATA_NAMES },
  ] as const)('goes by what it said last: $first, then $last', async ({ first, last, left }) => {
    await install(layer(DATA, { prune: first }), 'one');
    await install(layer(DATA, last === undefined ? {} : { prune: last }), 'two');
    await installer.remove('db');
    expect(names()).toEqual(left);
  });

  it.each([
    { 'argocd.argoproj.io/sync-options': 'Prune=false' },
    { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
    { 'managedcluster.io/prune': 'disabled' },
  ])('keeps what says so in the cluster: %o', async (annotations) => {
    await install(layer([MAP, HELD.replace('keep', 'delete')], EVERYTHING));
    annotate('ConfigMap db/conf', annotations);
    await install(layer([HELD.replace('keep', 'delete')], EVERYTHING), 'next');
    expect(names()).toEqual(['ConfigMap db/conf', 'ConfigMap db/held']);
    annotate('ConfigMap db/held', annotations);
    await installer.remove('db');
    expect(names()).toEqual(['ConfigMap db/conf', 'ConfigMap db/held']);
  });

  it('takes over again what it has kept, and loses it when it is told to', async () => {
    await install(layer(full));
    await installer.remove('db');
    await install(layer(full, EVERYTHING), 'again');
    expect(store.held.get('db')).toMatchObject({ installed: 'again', kept: [] });
    expect(store.held.get('db')?.removed).toBeUndefined();
    for (const name of DATA_NAMES) {
      expect(cluster.get(name)?.metadata.annotations?.[KEPT_ANNOTATION]).toBeUndefined();
    }
    await installer.remove('db');
    expect(names()).toEqual(['ConfigMap db/held']);
  });

  it('takes over again what an upgrade has kept', async () => {
    await install(layer(DATA), 'one');
    await install(layer([]), 'two');
    await install(layer(DATA, EVERYTHING), 'three');
    await install(layer([], EVERYTHING), 'four');
    expect(names()).toEqual([]);
  });

  it('never takes a Namespace of the cluster along', async () => {
    const own = NAMESPACE.replace('db', 'kube-system');
    await install(layer([own], EVERYTHING));
    await installer.remove('db');
    expect(names()).toEqual(['Namespace kube-system']);
  });

  it('is removed as Safe where an older agent has noted no policy', async () => {
    await install(layer(DATA, EVERYTHING));
    const { prune: _none, ...old } = store.held.get('db') ?? { layer: 'db', objects: [] };
    store.held.set('db', old);
    await installer.remove('db');
    expect(names()).toEqual(DATA_NAMES);
  });

  it('ends what an agent that died had begun', async () => {
    await install(layer(full));
    store.failure = new Error('cut off');
    await expect(installer.remove('db')).rejects.toThrow('cut off');
    expect(names()).toEqual(['ConfigMap db/conf', 'ConfigMap db/held', ...DATA_NAMES]);
    store.failure = undefined;
    await installer.remove('db');
    expect(names()).toEqual(['ConfigMap db/held', ...DATA_NAMES]);
    expect(store.held.get('db')?.kept).toHaveLength(6);
  });
});

describe('a layer that changes its way', () => {
  const [manifests, chart] = WAYS;
  if (manifests === undefined || chart === undefined) throw new Error('no ways');

  it.each([
    { reason: 'from a chart to manifests', before: chart.layer, after: manifests.layer },
    { reason: 'from manifests to a chart', before: manifests.layer, after: chart.layer },
  ])('keeps what data hangs on: $reason', async ({ before, after }) => {
    await install(before([NAMESPACE, MAP]), 'one');
    await install(after([CLASS]), 'two');
    expect(names()).toEqual(['Namespace db', 'StorageClass fast']);
  });

  it('gives what was kept to a release of another name', async () => {
    const renamed = chart.layer(DATA);
    const helm = renamed.helm && { ...renamed.helm, releaseName: 'other' };
    await install(chart.layer(DATA), 'one');
    await install({ ...renamed, ...(helm === undefined ? {} : { helm }) }, 'two');
    expect(names()).toEqual(DATA_NAMES);
    expect(cluster.get('Namespace db')?.metadata.annotations?.['meta.helm.sh/release-name']).toBe(
      'other',
    );
    expect(store.held.get('db')).toMatchObject({ installed: 'two', kept: [] });
  });
});

describe('an object of a layer', () => {
  it('is not deleted when others have re-created it, and is not recorded as kept', async () => {
    await install(aLayer('db', { manifests: yaml([MAP]) }));
    cluster.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'conf', namespace: 'db' },
    });
    await installer.remove('db');
    expect(names()).toEqual(['ConfigMap db/conf']);
    expect(store.held.size).toBe(0);
  });
});
