import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Docker, dockerAt, type RealFile } from '@managed-cluster/testbed';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromFile } from '../../lib/kube/client.ts';

/** realFile reads it; a test that is run by itself has none. */
export function realFile(): RealFile {
  const { REAL_WORLD } = process.env;
  if (REAL_WORLD === undefined) {
    throw new Error('these tests need real nodes: run npm run e2e:real');
  }
  return JSON.parse(readFileSync(REAL_WORLD, 'utf8')) as RealFile;
}

/** management is an administrator's client of the management side. */
export function management(): KubeApi {
  return clientFromFile(realFile().management);
}

/** docker is the engine of the nodes. */
export function docker(): Docker {
  const { docker: host, folder } = realFile();
  return dockerAt(host, join(folder, 'docker-config'));
}
