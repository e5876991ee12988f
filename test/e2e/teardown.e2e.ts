import { beforeAll } from '@jest/globals';
import { applyObjects } from '@managed-cluster/testbed';
import { beforePivot } from './teardown/before-pivot.ts';
import { obstacles } from './teardown/obstacles.ts';
import { selfManaged } from './teardown/self-managed.ts';
import { api } from './teardown/subjects.ts';

/* Clusters are taken away on real Crossplane and real Cluster API, in every phase and in every way. */
beforeAll(async () => {
  await applyObjects(api, 'package/crds/clusterprofiles.m.managedcluster.io.yaml');
});

beforePivot();
obstacles();
selfManaged();
