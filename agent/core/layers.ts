import type { LayerStatus, PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { contentHash } from '../../lib/core/hash.ts';
import { jsonOf } from './applied.ts';
import { titleOf, type Kept } from './inventory.ts';
import { isInside, type OwnershipState } from './ownership-state.ts';

/** NODE_LAYERS are the types of layers that Nodes need before they are ready: they precede the pivot. */
export const NODE_LAYERS: readonly PlanLayer['type'][] = ['os', 'k8s', 'cni', 'csi', 'ccm'];

/** REMOVAL stands for the hash of a layer that is to be removed. */
export const REMOVAL = 'remove';

/** The schema allows no more layers in a report. */
const MOST_LAYERS = 256;

/** LayerState is what is known of a layer in the cluster. */
export interface LayerState {
  readonly name: string;
  /** Hash of what was installed completely; undefined when nothing was, or something of it is gone. */
  readonly installed: string | undefined;
  /** What the installed objects wait for; undefined when all are ready. */
  readonly waitingFor: string | undefined;
  /** How the last attempt failed, and of which hash it was. */
  readonly failure: { readonly hash: string; readonly message: string } | undefined;
  /** What the layer has let go but not deleted. */
  readonly kept?: readonly Kept[];
}

/** WantedLayer is a layer of the plan as it would be installed now. */
export interface WantedLayer {
  readonly layer: PlanLayer;
  /** Names the content, secrets by their version: the same hash needs no second installation. */
  readonly hash: string;
  /** The secret that is still missing, as a sentence. */
  readonly missing: string | undefined;
}

/** LayerDecision is what is to be done for the layers, and how they stand. */
export interface LayerDecision {
  readonly install: readonly WantedLayer[];
  /** Layers of manifests that are installed as planned: what somebody has changed in them is put back. */
  readonly repair: readonly WantedLayer[];
  /** Names of layers that are no longer in the plan. */
  readonly remove: readonly string[];
  /** Of the layers of the plan, and of those that can't be removed. */
  readonly reports: readonly LayerStatus[];
}

/** LayerFacts are all that the decision about layers rests on. */
export interface LayerFacts {
  readonly ownership: OwnershipState;
  readonly paused: boolean;
  readonly controlPlaneDone: boolean;
  readonly wanted: readonly WantedLayer[];
  readonly states: readonly LayerState[];
}

/** wantedLayer names the content of a layer; `secrets` are versions of its secret variables by name. */
export function wantedLayer(
  layer: PlanLayer,
  secrets: Readonly<Record<string, string | undefined>>,
): WantedLayer {
  const { profile: _profile, installPriority: _priority, ...content } = layer;
  const variables = layer.secretVariables ?? [];
  const unknown = variables.find(({ name }) => secrets[name] === undefined);
  const versions = variables.map(({ name }) => secrets[name] ?? '');
  return {
    layer,
    hash: contentHash(jsonOf({ content, versions })),
    missing:
      unknown === undefined
        ? undefined
        : `Waiting for Secret ${unknown.secretKeyRef.name} with the key ${unknown.secretKeyRef.key} in the namespace of the cluster on the management side: create it`,
  };
}

/** isNodeLayer tells whether Nodes need a layer. */
export function isNodeLayer({ type }: PlanLayer): boolean {
  return NODE_LAYERS.includes(type);
}

/**
 * decideLayers installs the layers of the lowest priority that is not ready yet, all of it together;
 * those that nodes need first, add-ons once the cluster manages itself and its control plane is done.
 * While the cluster is on the move, or after it was taken back, layers stay as they are.
 */
export function decideLayers(observation: LayerFacts): LayerDecision {
  const { wanted, states, ownership, paused } = observation;
  const open = openLayers(observation);
  const reports = [
    ...wanted.map((one) => reportOf(one, stateOf(states, one), open.has(one))),
    ...stuck(observation),
  ].slice(0, MOST_LAYERS);
  if (paused || ownership === 'Moving' || ownership === 'TakenBack') {
    return { install: [], repair: [], remove: [], reports };
  }
  const names = wanted.map(({ layer }) => layer.name);
  const possible = [...open].filter(({ missing }) => missing === undefined);
  const unfinished = [...open].some((one) => !isReady(one, stateOf(states, one)));
  return {
    install: possible.filter((one) => !isInstalled(one, stateOf(states, one))),
    repair: possible.filter(
      (one) => isInstalled(one, stateOf(states, one)) && one.layer.helm === undefined,
    ),
    // What replaces a layer is there before it goes: a cluster has no moment without a CNI.
    remove: unfinished
      ? []
      : states.map(({ name }) => name).filter((name) => !names.includes(name)),
    reports,
  };
}

/** Open are the layers that may be installed now: those that are ready, and the first that are not. */
function openLayers(observation: LayerFacts): ReadonlySet<WantedLayer> {
  const { wanted, states, ownership, controlPlaneDone } = observation;
  const nodeLayers = wanted.filter(({ layer }) => isNodeLayer(layer));
  const addOns = wanted.filter(({ layer }) => !isNodeLayer(layer));
  const groups = [
    ...byPriority(nodeLayers),
    ...(isInside(ownership) && controlPlaneDone ? byPriority(addOns) : []),
  ];
  const open = new Set<WantedLayer>();
  for (const group of groups) {
    for (const one of group) open.add(one);
    if (!group.every((one) => isReady(one, stateOf(states, one)))) break;
  }
  return open;
}

function byPriority(layers: readonly WantedLayer[]): readonly (readonly WantedLayer[])[] {
  const priorities = [...new Set(layers.map(({ layer }) => layer.installPriority))];
  return priorities
    .toSorted((a, b) => a - b)
    .map((priority) => layers.filter(({ layer }) => layer.installPriority === priority));
}

function stateOf(states: readonly LayerState[], { layer }: WantedLayer): LayerState | undefined {
  return states.find(({ name }) => name === layer.name);
}

function isInstalled({ hash }: WantedLayer, state: LayerState | undefined): boolean {
  return state?.installed === hash;
}

function isReady(one: WantedLayer, state: LayerState | undefined): boolean {
  return one.missing === undefined && isInstalled(one, state) && state?.waitingFor === undefined;
}

function reportOf(one: WantedLayer, state: LayerState | undefined, open: boolean): LayerStatus {
  const { name, profile } = one.layer;
  const head = { name, ...(profile === undefined ? {} : { profile }) };
  if (isReady(one, state)) return { ...head, phase: 'Ready', ...keptIn(state) };
  if (state?.failure?.hash === one.hash) {
    return { ...head, phase: 'Failed', message: cut(state.failure.message) };
  }
  const obstacle = one.missing ?? (open ? undefined : 'Waiting for its turn');
  if (obstacle !== undefined) return { ...head, phase: 'Pending', message: obstacle };
  return { ...head, phase: 'Installing', message: cut(progressOf(one, state)) };
}

/** A layer that is in no plan any more and can't be removed would be seen by nobody. */
function stuck({ wanted, states }: LayerFacts): readonly LayerStatus[] {
  const names = wanted.map(({ layer }) => layer.name);
  return states
    .filter(({ name }) => !names.includes(name))
    .flatMap(({ name, failure }) => {
      if (failure?.hash !== REMOVAL) return [];
      const message = cut(`No longer in the plan, but not removed: ${failure.message}`);
      return [{ name, phase: 'Failed', message }];
    });
}

function keptIn(state: LayerState | undefined): Pick<LayerStatus, 'message'> {
  const kept = (state?.kept ?? []).map((one) => `${titleOf(one)} (${one.why})`);
  return kept.length === 0
    ? {}
    : { message: cut(`No longer in the layer, but kept: ${kept.join(', ')}`) };
}

function progressOf({ hash }: WantedLayer, state: LayerState | undefined): string {
  if (state?.installed !== hash || state.waitingFor === undefined) return 'Being installed';
  return `Waiting for ${state.waitingFor}`;
}

/** The schema allows 1024 characters. */
function cut(message: string): string {
  return message.length <= 1000 ? message : `${message.slice(0, 1000)} …`;
}
