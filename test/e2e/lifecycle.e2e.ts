import { adopted, emptyManagementSide } from './lifecycle/adopted.ts';
import { atRest } from './lifecycle/at-rest.ts';
import { deletion } from './lifecycle/deletion.ts';
import { deletedHalfWay, missingCrd } from './lifecycle/missing-crd.ts';
import { beforeHandover, forgotten } from './lifecycle/forgotten.ts';
import { onItsOwn } from './lifecycle/on-its-own.ts';
import { restored } from './lifecycle/restored.ts';
import { steadiness } from './lifecycle/steadiness.ts';
import { storm } from './lifecycle/storm.ts';
import { CLAIM, NAMESPACED } from './lifecycle/subject.ts';
import { toGateOne } from './lifecycle/to-gate-one.ts';
import { toSelfManaged } from './lifecycle/to-self-managed.ts';

/*
 * The whole order of operations on real Crossplane, real Cluster API, our provider and our agent: a
 * claim from apply to delete, then the namespaced composite, because there is one workload site. The
 * parts build on one another, because a cluster takes half a minute to come up.
 */
missingCrd();
deletedHalfWay();
emptyManagementSide();
toGateOne();
toSelfManaged(CLAIM);
// Before the rest, which waits until three minutes after the handover.
onItsOwn();
atRest();
steadiness();
storm();
restored();
deletion(CLAIM, [new RegExp(`/${NAMESPACED.name}(-|$)`)]);
beforeHandover();
toSelfManaged(NAMESPACED);
forgotten();
adopted();
deletion(NAMESPACED);
