import { cutText } from '../../lib/core/reported.ts';
import type { LayerStatus, PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { USABLE_BY_ANNOTATION } from '../../lib/apis/opt-in.ts';
import { contentHash } from '../../lib/core/hash.ts';
import { jsonOf } from './applied.ts';
import { titleOf, type Kept } from './inventory.ts';
import { isInside, type OwnershipState } from './ownership-state.ts';

/** NODE_LAYERS are the types of layers that Nodes need to become ready; they are installed before the pivot. */
export const NODE_LAYERS: readonly PlanLayer['type'][] = ['os', 'k8s', 'cni', 'csi', 'ccm'];

/** REMOVAL replaces the hash for a layer that is to be removed. */
export const REMOVAL = 'remove';

/** The maximum number of layers that the schema allows in a report. */
const MOST_LAYERS = 256;

/** LayerState is the observed state of a layer in the cluster. */
export interface LayerState {
  readonly name: string;
  /** Hash of the completely installed content; undefined when nothing was installed or an object is missing. */
  readonly installed: string | undefined;
  /** The end of "Waiting for …" for the installed objects; undefined when all are ready. */
  readonly waitingFor: string | undefined;
  /** Error and hash of the last attempt, if it failed. */
  readonly failure: { readonly hash: string; readonly message: string } | undefined;
  /** Objects that left the layer and were kept. */
  readonly kept?: readonly Kept[];
}

/** WantedLayer is a layer of the plan as it would be installed now. */
export interface WantedLayer {
  readonly layer: PlanLayer;
  /** Hash of the content, with secrets by their version: an installed hash is not installed again. */
  readonly hash: string;
  /** The message for a missing secret. */
  readonly missing: string | undefined;
}

/** LayerDecision is the actions for the layers, and their report. */
export interface LayerDecision {
  readonly install: readonly WantedLayer[];
  /** Layers of manifests that are installed as planned: changes by others are reverted. */
  readonly repair: readonly WantedLayer[];
  /** Names of layers that are no longer in the plan. */
  readonly remove: readonly string[];
  /** Reports of the layers of the plan, and of layers that cannot be removed. */
  readonly reports: readonly LayerStatus[];
}

/** LayerFacts are the input of the decision about layers. */
export interface LayerFacts {
  readonly ownership: OwnershipState;
  readonly paused: boolean;
  readonly controlPlaneDone: boolean;
  readonly wanted: readonly WantedLayer[];
  readonly states: readonly LayerState[];
}

/** wantedLayer computes the hash of a layer; `secrets` are the versions of its secret variables by name. */
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
        : `Waiting for Secret ${unknown.secretKeyRef.name} with the key ${unknown.secretKeyRef.key} in the namespace of the cluster on the management side: create it, with the annotation ${USABLE_BY_ANNOTATION} that allows this cluster to use it`,
  };
}

/** isNodeLayer reports whether Nodes need a layer to become ready. */
export function isNodeLayer({ type }: PlanLayer): boolean {
  return NODE_LAYERS.includes(type);
}

/**
 * decideLayers installs all layers of the lowest priority that is not ready yet: first the layers that
 * nodes need, then add-ons when the cluster manages itself and its control plane is complete. During a
 * pivot, and after the cluster was taken back, layers are not changed.
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
    // Replacements are installed before a layer is removed, so that a cluster always has a CNI.
    remove: unfinished
      ? []
      : states.map(({ name }) => name).filter((name) => !names.includes(name)),
    reports,
  };
}

/** The layers that may be installed now: those that are ready, and the first priority that is not. */
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
  const obstacle = one.missing ?? (open ? undefined : 'Waiting for earlier layers');
  if (obstacle !== undefined) return { ...head, phase: 'Pending', message: obstacle };
  return { ...head, phase: 'Installing', message: cut(progressOf(one, state)) };
}

/** Reports a layer that is no longer in the plan and cannot be removed. */
function stuck({ wanted, states }: LayerFacts): readonly LayerStatus[] {
  const names = wanted.map(({ layer }) => layer.name);
  return states
    .filter(({ name }) => !names.includes(name))
    .flatMap(({ name, failure }) => {
      if (failure?.hash !== REMOVAL) return [];
      const message = cut(`Removed from the plan, but its removal failed: ${failure.message}`);
      return [{ name, phase: 'Failed', message }];
    });
}

function keptIn(state: LayerState | undefined): Pick<LayerStatus, 'message'> {
  const kept = (state?.kept ?? []).map((one) => `${titleOf(one)} (${one.why})`);
  return kept.length === 0
    ? {}
    : { message: cut(`Kept objects that are no longer in the layer: ${kept.join(', ')}`) };
}

function progressOf({ hash }: WantedLayer, state: LayerState | undefined): string {
  if (state?.installed !== hash || state.waitingFor === undefined) return 'Being installed';
  return `Waiting for ${state.waitingFor}`;
}

/** The schema allows 400 characters. */
function cut(message: string): string {
  return cutText(message, 400);
}
