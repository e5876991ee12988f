import { appliedFields } from '../../lib/core/applied-fields.ts';
import { EPOCH_ANNOTATION, OWNER_ANNOTATION, PIVOT_ANNOTATION } from '../../lib/apis/ownership.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';

/** Crossplane v2.3 CF:813: the manager is this prefix and a hash of the composite's name and kind. */
const COMPOSED_MANAGER = 'apiextensions.crossplane.io/composed/';

/**
 * held returns a composed object exactly as it was last desired, so that it stays unchanged. Leaving the
 * object out would delete it, and sending fewer fields would remove fields from it.
 *
 * Crossplane adds its own owner reference, labels and annotations again.
 */
export function held(observed: KubeObject): KubeObject {
  const applied = appliedFields(observed, COMPOSED_MANAGER) ?? withoutForeign(observed);
  const { status: _status, ...desired } = applied;
  const { name, namespace, labels, annotations } = applied.metadata;
  return {
    ...desired,
    apiVersion: observed.apiVersion,
    kind: observed.kind,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...kept('labels', labels),
      ...kept('annotations', annotations),
    },
  };
}

/**
 * Without managedFields (a render with hand-written observed resources) the whole object is kept, except
 * fields that we never set (DESIGN 5).
 */
function withoutForeign(observed: KubeObject): KubeObject {
  const spec = recordIn(observed, 'spec');
  if (spec === undefined) return observed;
  const { paused: _paused, controlPlaneEndpoint: _endpoint, ...own } = spec;
  return { ...observed, spec: own };
}

function kept(field: 'labels' | 'annotations', values: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(values)) return {};
  const ours = Object.entries(values).filter(([key]) => !isForeign(key));
  return ours.length === 0 ? {} : { [field]: Object.fromEntries(ours) };
}

function isForeign(key: string): boolean {
  const ours = [OWNER_ANNOTATION, EPOCH_ANNOTATION, PIVOT_ANNOTATION];
  return key.startsWith('crossplane.io/') || ours.includes(key);
}
