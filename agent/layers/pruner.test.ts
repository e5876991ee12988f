import { describe, expect, it } from '@jest/globals';
import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { createLogger } from '../../lib/log.ts';
import type { Inventory } from '../core/inventory.ts';
import { HELM_POLICY, UPGRADE_ANNOTATION } from '../core/pruning.ts';
import type { HelmPort } from './helm.ts';
import { Installer } from './installer.ts';
import {
  apiDouble,
  establishing,
  storeDouble,
  type ApiDouble,
  type StoreDouble,
} from '../testing/api-double.ts';
import { aLayer } from '../testing/cluster-states.ts';
import { helmDouble } from '../testing/helm-double.ts';

const SPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: db}\n';
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: db}\n';
const HELD =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, namespace: db, annotations: {helm.sh/resource-policy: keep}}\n';
const EVERYTHING = { prune: 'Everything' } as const;

function chart(documents: readonly string[], part?: Partial<PlanLayer>): PlanLayer {
  const { manifests: _none, ...layer } = aLayer('db', part);
  const values = documents.join('---\n') as unknown as Record<string, never>;
  return { ...layer, helm: { chart: 'c', version: '1.0.0', namespace: 'charts', values } };
}

/** Side is a cluster and what its agent has noted. */
interface Side {
  readonly cluster: ApiDouble;
  readonly store: StoreDouble;
}

function install(side: Side, layer: PlanLayer, hash: string, helm?: HelmPort): Promise<void> {
  return installerOf(side, helm).install(layer, hash, {});
}

function installerOf({ cluster, store }: Side, helm = helmDouble(cluster)): Installer {
  return new Installer({ api: establishing(cluster), store, helm, log: createLogger('silent') });
}

/** Both as they are when an agent dies during an upgrade, which the next one finds. */
async function diedDuring(side: Side, when: 'before' | 'after', layer: PlanLayer): Promise<Side> {
  const helm = helmDouble(side.cluster);
  let left: readonly [Map<string, KubeObject>, Map<string, Inventory>] = [new Map(), new Map()];
  function look(): void {
    left = structuredClone([side.cluster.objects, side.store.held]);
  }
  const dying: HelmPort = {
    ...helm,
    async upgrade(...given) {
      if (when === 'before') look();
      await helm.upgrade(...given);
      if (when === 'after') look();
    },
  };
  await install(side, layer, 'cut off', dying);
  const next = { cluster: apiDouble(), store: storeDouble() };
  for (const [name, object] of left[0]) next.cluster.objects.set(name, object);
  for (const [name, inventory] of left[1]) next.store.held.set(name, inventory);
  return next;
}

function annotationsOf({ cluster }: Side, name: string): Readonly<Record<string, string>> {
  const object = cluster.get(name);
  if (object === undefined) throw new Error(`there is no ${name}`);
  return object.metadata.annotations ?? {};
}

describe.each(['before', 'after'] as const)(
  'an agent that died during the upgrade of a chart, %s Helm has worked',
  (when) => {
    async function start(): Promise<Side> {
      const side = { cluster: apiDouble(), store: storeDouble() };
      await install(side, chart([SPACE, MAP, HELD]), 'one');
      return diedDuring(side, when, chart([MAP]));
    }

    it('leaves marks on what it keeps, but not on what says keep itself', async () => {
      const side = await start();
      const mark = { [HELM_POLICY]: 'keep', [UPGRADE_ANNOTATION]: '' };
      expect(annotationsOf(side, 'Namespace db')).toMatchObject(mark);
      expect(annotationsOf(side, 'ConfigMap db/held')).not.toHaveProperty([UPGRADE_ANNOTATION]);
    });

    it('has its marks taken off by the next pass, and nothing else', async () => {
      const side = await start();
      await install(side, chart([MAP]), 'two');
      expect(annotationsOf(side, 'Namespace db')).not.toHaveProperty([HELM_POLICY]);
      expect(annotationsOf(side, 'Namespace db')).not.toHaveProperty([UPGRADE_ANNOTATION]);
      expect(annotationsOf(side, 'ConfigMap db/held')).toHaveProperty([HELM_POLICY], 'keep');
      expect(side.store.held.get('db')).toMatchObject({ installed: 'two' });
      expect(side.store.held.get('db')?.kept).toHaveLength(2);
    });

    it('does not hold back what the layer takes again and then says goes', async () => {
      const side = await start();
      await install(side, chart([SPACE, MAP, HELD], EVERYTHING), 'two');
      await install(side, chart([MAP], EVERYTHING), 'three');
      expect(side.cluster.get('Namespace db')).toBeUndefined();
      expect(side.cluster.get('ConfigMap db/held')).toBeDefined();
    });

    it('has its marks taken off when the layer is removed, and all is kept', async () => {
      const side = await start();
      await installerOf(side).remove('db');
      expect(annotationsOf(side, 'Namespace db')).not.toHaveProperty([HELM_POLICY]);
      expect(annotationsOf(side, 'ConfigMap db/held')).toHaveProperty([HELM_POLICY], 'keep');
      expect(side.cluster.get('ConfigMap db/conf')).toBeUndefined();
    });
  },
);
