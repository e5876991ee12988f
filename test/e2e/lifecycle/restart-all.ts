import { control, killPods } from '../world.ts';

/** As the documentation of Kubernetes asks for after a restore: nobody goes on with what it remembers. */
export async function restartAll(): Promise<void> {
  await Promise.all([
    control('controllerManager', 'kill'),
    control('crossplane', 'kill'),
    control('provider', 'kill'),
    killPods('m', ''),
    // It has controllers of the infrastructure too, whose watches would wait for revisions that do not come.
    control('cloud', 'kill'),
  ]);
}
