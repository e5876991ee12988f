import { EPOCH_ANNOTATION, OWNER_ANNOTATION, type Side } from '../../../lib/apis/ownership.ts';

/** ClusterState is what the fence looks at. */
export interface ClusterState {
  readonly owner?: string;
  readonly epoch?: string;
  readonly paused: boolean;
}

/** FenceCase is one write to a Cluster, and on which sides it is refused with what. */
export interface FenceCase {
  readonly reason: string;
  /** What is there; absent for a creation. */
  readonly from?: ClusterState;
  readonly to: ClusterState;
  readonly refusedOn: readonly Side[];
  readonly says?: string;
}

const BOTH: readonly Side[] = ['management', 'workload'];
const stayPaused = 'must stay paused';

/** annotationsOf are the annotations of a state. */
export function annotationsOf({ owner, epoch }: ClusterState): Readonly<Record<string, string>> {
  return {
    ...(owner === undefined ? {} : { [OWNER_ANNOTATION]: owner }),
    ...(epoch === undefined ? {} : { [EPOCH_ANNOTATION]: epoch }),
  };
}

/** fenceCases are all writes that a pivot makes, and the attacks on them. */
export const fenceCases: readonly FenceCase[] = [
  { reason: 'a cluster that is not ours is made', to: { paused: false }, refusedOn: [] },
  {
    reason: 'a cluster that is not ours is un-paused',
    from: { paused: true },
    to: { paused: false },
    refusedOn: [],
  },
  {
    reason: 'a copy is made, paused',
    to: { owner: 'moving', epoch: '2', paused: true },
    refusedOn: [],
  },
  {
    reason: 'a copy is made, running',
    to: { owner: 'moving', epoch: '2', paused: false },
    refusedOn: BOTH,
    says: stayPaused,
  },
  {
    reason: 'a backup of the workload side is restored',
    to: { owner: 'workload', epoch: '3', paused: false },
    refusedOn: ['management'],
    says: 'must stay paused on the management side, because its owner is workload',
  },
  {
    reason: 'a backup of the management side is restored',
    to: { owner: 'management', epoch: '3', paused: false },
    refusedOn: ['workload'],
    says: 'must stay paused on the workload side, because its owner is management',
  },
  {
    reason: 'the source is fenced: paused, moving and a new epoch in one write',
    from: { paused: false },
    to: { owner: 'moving', epoch: '1', paused: true },
    refusedOn: [],
  },
  {
    reason: 'the owner changes while the cluster runs on',
    from: { paused: false },
    to: { owner: 'moving', epoch: '1', paused: false },
    refusedOn: BOTH,
    says: stayPaused,
  },
  {
    reason: 'the source is un-paused during the move',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'moving', epoch: '1', paused: false },
    refusedOn: BOTH,
    says: stayPaused,
  },
  {
    reason: 'the target is activated',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'workload', epoch: '2', paused: false },
    refusedOn: ['management'],
    says: stayPaused,
  },
  {
    reason: 'the pivot is aborted',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'management', epoch: '2', paused: false },
    refusedOn: ['workload'],
    says: stayPaused,
  },
  {
    reason: 'the owner is claimed without a new epoch',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'workload', epoch: '1', paused: true },
    refusedOn: BOTH,
    says: 'a change of the owner needs a higher managedcluster.io/epoch than 1',
  },
  {
    reason: 'the first owner comes without an epoch',
    from: { paused: true },
    to: { owner: 'moving', paused: true },
    refusedOn: BOTH,
    says: 'a change of the owner needs a higher managedcluster.io/epoch than 0',
  },
  {
    reason: 'a late writer comes with an old epoch',
    from: { owner: 'moving', epoch: '10', paused: true },
    to: { owner: 'management', epoch: '9', paused: true },
    refusedOn: BOTH,
    says: 'must not decrease, it is 10',
  },
  {
    reason: 'the owner is taken off, to pass for a cluster that is not ours',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { epoch: '2', paused: false },
    refusedOn: BOTH,
    says: 'must be management, moving or workload, and must not be removed',
  },
  {
    reason: 'both annotations are taken off',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { paused: false },
    refusedOn: BOTH,
    says: 'must not be removed',
  },
  {
    reason: 'the epoch is taken off',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'moving', paused: true },
    refusedOn: BOTH,
    says: 'must be an integer of at most 15 digits, and must not be removed',
  },
  {
    reason: 'an epoch that is no number',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'moving', epoch: 'two', paused: true },
    refusedOn: BOTH,
    says: 'must be an integer',
  },
  {
    reason: 'an epoch that no program reads exactly',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'moving', epoch: '9007199254740993', paused: true },
    refusedOn: BOTH,
    says: 'must be an integer of at most 15 digits',
  },
  {
    reason: 'an epoch that uses up the others',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'moving', epoch: '999999999999999', paused: true },
    refusedOn: BOTH,
    says: 'must not increase by more than 1000, it is 1',
  },
  {
    reason: 'a copy of a cluster that was pivoted often',
    to: { owner: 'moving', epoch: '5000', paused: true },
    refusedOn: [],
  },
  {
    reason: 'an owner that does not exist',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'nobody', epoch: '2', paused: true },
    refusedOn: BOTH,
    says: 'must be management, moving or workload',
  },
  {
    reason: 'a paused cluster is changed in another way',
    from: { owner: 'moving', epoch: '1', paused: true },
    to: { owner: 'moving', epoch: '2', paused: true },
    refusedOn: [],
  },
];

/** MachineCase is the creation of a Machine while its Cluster is in a state. */
export interface MachineCase {
  readonly reason: string;
  readonly cluster: ClusterState;
  readonly copied?: boolean;
  readonly refusedOn: readonly Side[];
}

/** machineCases are the Machines that a controller, or a pivot, may and may not make. */
export const machineCases: readonly MachineCase[] = [
  { reason: 'a cluster that is not ours', cluster: { paused: false }, refusedOn: [] },
  {
    reason: 'the management side owns the cluster',
    cluster: { owner: 'management', epoch: '1', paused: true },
    refusedOn: ['workload'],
  },
  {
    reason: 'the workload side owns the cluster',
    cluster: { owner: 'workload', epoch: '1', paused: true },
    refusedOn: ['management'],
  },
  {
    reason: 'the cluster is moving',
    cluster: { owner: 'moving', epoch: '1', paused: true },
    refusedOn: BOTH,
  },
  {
    reason: 'the copy of a Machine while the cluster is moving',
    cluster: { owner: 'moving', epoch: '1', paused: true },
    copied: true,
    refusedOn: [],
  },
  {
    reason: 'a copy that comes late',
    cluster: { owner: 'workload', epoch: '2', paused: true },
    copied: true,
    refusedOn: ['management'],
  },
];
