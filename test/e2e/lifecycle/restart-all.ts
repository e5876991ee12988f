import type { ProcessName } from '@managed-cluster/testbed';
import { control, killPods } from '../world.ts';

// The cloud has controllers of the infrastructure too, whose watches would wait for revisions that do not come.
const ALL: readonly ProcessName[] = ['controllerManager', 'crossplane', 'provider', 'cloud'];

/** As the documentation of Kubernetes asks for after a restore: nobody goes on with what it remembers. */
export async function restartAll(except: readonly ProcessName[] = []): Promise<void> {
  await Promise.all([
    ...ALL.filter((name) => !except.includes(name)).map((name) => control(name, 'kill')),
    killPods('m', ''),
  ]);
}
