import { refusesTheAccessOfBefore } from './acts/access.ts';
import { deletion } from './acts/deletion.ts';
import { becomesOperational } from './acts/operational.ts';
import { aSubject } from './subject.ts';

/*
 * One cluster from its claim to its end, on real nodes: what the gate runs.
 */
const subject = aSubject('core', { controlPlanes: 3, workers: 2 });
becomesOperational(subject);
refusesTheAccessOfBefore(subject);
deletion(subject);
