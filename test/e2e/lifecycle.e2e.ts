import { missingCrd } from './lifecycle/missing-crd.ts';
import { steadiness } from './lifecycle/steadiness.ts';
import { storm } from './lifecycle/storm.ts';
import { toCommit } from './lifecycle/to-commit.ts';
import { toGateOne } from './lifecycle/to-gate-one.ts';

/*
 * One claim and one namespaced composite, from apply to commit, on real Crossplane and real Cluster
 * API. The parts build on one another, because a cluster takes half a minute to come up.
 */
missingCrd();
toGateOne();
steadiness();
toCommit();
storm();
