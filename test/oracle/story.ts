import {
  clusterIs,
  CORE_MANAGER,
  KCP,
  machineIs,
  PROVIDER,
  secretMade,
  USER,
  type Line,
} from './testing/audit-lines.ts';

const CREATE = { verb: 'create', code: 201 } as const;
const DELETE = { verb: 'delete' } as const;

/** A cluster with two Machines is made on the management side, by a user and Cluster API. */
const MADE: readonly Line[] = [
  clusterIs('management', 0, { version: 10 }, { ...CREATE, actor: USER }),
  ...['c-ca', 'c-etcd', 'c-sa', 'c-proxy'].map((name) => secretMade('management', 10, name, KCP)),
  machineIs('management', 20, { name: 'c-1', version: 11 }, { ...CREATE, actor: KCP }),
  machineIs(
    'management',
    30,
    { name: 'c-1', version: 12, providerID: 'x://1' },
    { actor: CORE_MANAGER },
  ),
  machineIs('management', 40, { name: 'c-2', version: 13 }, { ...CREATE, actor: CORE_MANAGER }),
  machineIs(
    'management',
    50,
    { name: 'c-2', version: 14, providerID: 'x://2' },
    { actor: CORE_MANAGER },
  ),
];

/** The handover to the workload side. */
const FORWARD: readonly Line[] = [
  clusterIs('management', 100, { version: 20, paused: true, owner: 'moving', epoch: 2 }),
  clusterIs('workload', 110, { version: 5, paused: true, owner: 'moving', epoch: 2 }, CREATE),
  secretMade('workload', 115, 'c-ca', PROVIDER),
  machineIs('workload', 120, { name: 'c-1', version: 6, providerID: 'x://1' }, CREATE),
  machineIs('workload', 125, { name: 'c-2', version: 7, providerID: 'x://2' }, CREATE),
  clusterIs('workload', 150, { version: 8, paused: false, owner: 'workload', epoch: 3 }),
];

/** What is left on the management side goes: asked for first, finalizers last. */
const RETIRED: readonly Line[] = [
  machineIs(
    'management',
    160,
    { name: 'c-1', version: 30, providerID: 'x://1', deleting: true },
    DELETE,
  ),
  machineIs('management', 165, {
    name: 'c-1',
    version: 31,
    providerID: 'x://1',
    deleting: true,
    finalizers: [],
  }),
  machineIs(
    'management',
    170,
    { name: 'c-2', version: 32, providerID: 'x://2', deleting: true },
    DELETE,
  ),
  machineIs('management', 175, {
    name: 'c-2',
    version: 33,
    providerID: 'x://2',
    deleting: true,
    finalizers: [],
  }),
  { ...secretMade('management', 178, 'c-ca', PROVIDER), ...DELETE, code: 200 },
  clusterIs(
    'management',
    180,
    { version: 34, paused: true, owner: 'moving', epoch: 2 },
    {
      ...DELETE,
      answer: { kind: 'Status', status: 'Success', details: { uid: 'management-c' } },
    },
  ),
];

/** GOOD is the story of a cluster as it should be: made, handed over, scaled by Cluster API. */
export const GOOD: readonly Line[] = [
  ...MADE,
  ...FORWARD,
  ...RETIRED,
  machineIs('workload', 200, { name: 'c-3', version: 40 }, { ...CREATE, actor: KCP }),
  machineIs(
    'workload',
    210,
    { name: 'c-3', version: 41, providerID: 'x://3' },
    { actor: CORE_MANAGER },
  ),
];

/** HALF_WAY is the story up to the copies, before the workload side runs. */
export const HALF_WAY: readonly Line[] = GOOD.filter(({ at }) => at < 150);
