import { CAPI_PROVIDERS } from '@managed-cluster/testbed';
import { CONTROL_PLANE_LABEL } from '../../capi/labels.ts';
import { firstUnmet, G1, type View } from '../../capi/gates.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import type { Sizes } from './subject.ts';

/** Sighting is all that is looked at of a cluster, in one moment. */
export interface Sighting {
  /** What the management side has of it. */
  readonly outside: View;
  /** Undefined until its API server answers. */
  readonly inside?: Inside | undefined;
  /** Only of a cluster that was claimed. */
  readonly claim?: KubeObject | undefined;
}

/** Inside is what its own API server tells. */
export interface Inside {
  readonly nodes: readonly KubeObject[];
  /** Of Cluster API's providers. */
  readonly managers: readonly KubeObject[];
  readonly cluster?: KubeObject | undefined;
  readonly machines: readonly KubeObject[];
  /** Deployment of the chart with a page. */
  readonly web?: KubeObject | undefined;
}

const ROLE = 'node-role.kubernetes.io/control-plane';

interface Phase {
  readonly title: string;
  readonly reached: (inside: Inside, sizes: Sizes, outside: View) => boolean;
}

/** PHASES are looked at from outside in one way, whoever makes the cluster; in the order of the report. */
export const PHASES = {
  apiServer: { title: 'the API server of CP-A answers', reached: () => true },
  gate: {
    title: 'CP-A is operational (the predicates of gate G1 hold)',
    reached: (_inside, _sizes, outside) => firstUnmet(G1, outside) === undefined,
  },
  network: {
    title: 'the Node of CP-A is Ready (CNI)',
    reached: ({ nodes }) => nodes.some((node) => isTrue(node, 'Ready')),
  },
  machinery: {
    title: 'Cluster API is available inside',
    reached: ({ managers }) =>
      managers.length === CAPI_PROVIDERS.length &&
      managers.every((manager) => isTrue(manager, 'Available')),
  },
  handover: {
    title: 'the Cluster is inside and un-paused (pivot, `clusterctl move`)',
    reached: ({ cluster }) =>
      cluster !== undefined && recordIn(cluster, 'spec')?.['paused'] !== true,
  },
  workers: {
    title: 'all workers Ready',
    reached: ({ nodes }, { workers }) => readyNodes(nodes, false) === workers,
  },
  controlPlanes: {
    title: 'all control planes Ready',
    reached: ({ nodes }, { controlPlanes }) => readyNodes(nodes, true) === controlPlanes,
  },
  addOns: { title: 'the Pods of the charts Ready', reached: ({ web }) => isServed(web) },
  complete: {
    title: 'complete: all nodes, all Machines, all charts',
    reached: isComplete,
  },
} as const satisfies Readonly<Record<string, Phase>>;

/** PhaseName is a key of {@link PHASES}. */
export type PhaseName = keyof typeof PHASES;

/** PHASE_NAMES are all of them in order. */
export const PHASE_NAMES = Object.keys(PHASES) as readonly PhaseName[];

/** Marks are the seconds at which something was seen for the first time. */
export interface Marks {
  readonly phases: Readonly<Partial<Record<PhaseName, number>>>;
  /** When conditions of the claim were first seen True. */
  readonly conditions: Readonly<Record<string, number>>;
}

/** NO_MARKS is the beginning. */
export const NO_MARKS: Marks = { phases: {}, conditions: {} };

/** marked adds what a sighting shows that had not been seen before. */
export function marked(
  before: Marks,
  sighting: Sighting,
  { sizes, seconds }: { readonly sizes: Sizes; readonly seconds: number },
): Marks {
  const { inside, outside, claim } = sighting;
  const phases = PHASE_NAMES.filter(
    (name) => inside !== undefined && PHASES[name].reached(inside, sizes, outside),
  );
  return {
    phases: { ...each(phases, seconds), ...before.phases },
    conditions: { ...each(trueConditions(claim), seconds), ...before.conditions },
  };
}

/** isWhole tells whether there is nothing left to wait for. */
export function isWhole({ phases, conditions }: Marks, claimed: boolean): boolean {
  const told = !claimed || END_CONDITIONS.every((type) => type in conditions);
  return told && PHASE_NAMES.every((name) => name in phases);
}

/** secondsToWhole is how long it took until {@link isWhole}. */
export function secondsToWhole({ phases, conditions }: Marks): number {
  const told = END_CONDITIONS.flatMap((type) => conditions[type] ?? []);
  return Math.max(phases.complete ?? Number.NaN, ...told);
}

/** What a claim says when it is done. */
const END_CONDITIONS = ['Operational', 'Ready'] as const;

function each(names: readonly string[], seconds: number): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, seconds]));
}

function trueConditions(claim: KubeObject | undefined): readonly string[] {
  const conditions = recordIn(claim, 'status')?.['conditions'];
  if (!Array.isArray(conditions)) return [];
  return conditions.flatMap((condition: unknown) =>
    isRecord(condition) && condition['status'] === 'True' ? [String(condition['type'])] : [],
  );
}

function readyNodes(nodes: readonly KubeObject[], controlPlane: boolean): number {
  return nodes.filter(
    (node) => isTrue(node, 'Ready') && ROLE in (node.metadata.labels ?? {}) === controlPlane,
  ).length;
}

function isServed(web: KubeObject | undefined): boolean {
  const wanted = recordIn(web, 'spec')?.['replicas'];
  return isTrue(web, 'Available') && recordIn(web, 'status')?.['readyReplicas'] === wanted;
}

function isComplete({ nodes, machines, web }: Inside, { controlPlanes, workers }: Sizes): boolean {
  const planes = machines.filter(
    ({ metadata }) => CONTROL_PLANE_LABEL in (metadata.labels ?? {}),
  ).length;
  return (
    readyNodes(nodes, true) === controlPlanes &&
    readyNodes(nodes, false) === workers &&
    planes === controlPlanes &&
    machines.length === controlPlanes + workers &&
    machines.every((machine) => isTrue(machine, 'Ready')) &&
    isServed(web)
  );
}
