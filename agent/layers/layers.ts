import { join } from 'node:path';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Logger } from '../../lib/log.ts';
import type { LocalAccess } from '../access.ts';
import { LayerEngine } from './engine.ts';
import { HelmCli } from './helm.ts';
import { Installer } from './installer.ts';
import { createSecretValues } from './secrets.ts';
import { createInventoryStore } from './store.ts';

/** LayersOptions are the dependencies of the layers. */
export interface LayersOptions {
  readonly management: KubeApi;
  /** Namespace of the cluster on the management side. */
  readonly namespace: string;
  readonly helm: string;
  readonly folder: string;
  readonly serviceAccountFolder: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
}

/** createLayers creates the layer engine with its parts. */
export function createLayers(local: LocalAccess, options: LayersOptions): LayerEngine {
  const { management, namespace, serviceAccountFolder, log, signal, onChange } = options;
  const { layers: api, layersUser: user } = local;
  const store = createInventoryStore(api);
  const helm = new HelmCli({
    binary: options.helm,
    folder: options.folder,
    server: async () => (await local.access()).server,
    authorityFile: join(serviceAccountFolder, 'ca.crt'),
    tokenFile: join(serviceAccountFolder, 'token'),
    user,
    signal,
  });
  const installer = new Installer({ api, store, helm, log });
  const secrets = createSecretValues({ local: api, management, namespace, log, onChange });
  return new LayerEngine({ api, store, installer, secrets, log, onChange });
}
