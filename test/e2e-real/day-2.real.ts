import { refusesTheAccessOfBefore } from './acts/access.ts';
import { deletion } from './acts/deletion.ts';
import { onItsOwn } from './acts/on-its-own.ts';
import { becomesOperational } from './acts/operational.ts';
import { afterPowerCut } from './acts/power-cut.ts';
import { withoutRegistry } from './acts/registry-gone.ts';
import { rollOut } from './acts/roll-out.ts';
import { aSubject } from './subject.ts';

/*
 * What befalls a cluster in its life, on real nodes: only there a node is drained under those who
 * drain it, and an image is on a node or is not.
 */
const subject = aSubject('day-2', { controlPlanes: 3, workers: 2 });
becomesOperational(subject);
refusesTheAccessOfBefore(subject);
withoutRegistry(subject);
onItsOwn(subject);
afterPowerCut(subject);
rollOut(subject);
deletion(subject);
