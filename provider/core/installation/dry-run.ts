import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import { CLUSTER_LABEL, EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { nameOf } from '../../../lib/core/names.ts';
import { patchedFields, textIn } from './json.ts';
import { copyOf } from './provider-copy.ts';

/**
 * dryRunBody returns an existing object under another name, for a create request with dry run: it passes
 * through every webhook that the real object passes through. It refers to a Cluster that does not exist and
 * has no owner, so that the fence of the real Cluster does not apply.
 */
export function dryRunBody(object: KubeObject): KubeObject {
  const { metadata, ...body } = copyOf(object);
  const { namespace, annotations = {}, labels = {} } = metadata;
  const { [OWNER_ANNOTATION]: _owner, [EPOCH_ANNOTATION]: _epoch, ...others } = annotations;
  const cluster = proofName(labels[CLUSTER_NAME_LABEL] ?? metadata.name ?? '');
  return {
    ...body,
    metadata: {
      name: proofName(metadata.name ?? ''),
      ...(namespace === undefined ? {} : { namespace }),
      annotations: others,
      labels: { ...labels, [CLUSTER_NAME_LABEL]: cluster, [CLUSTER_LABEL]: cluster },
    },
    ...specOf(body['spec'], cluster),
  };
}

function specOf(spec: unknown, cluster: string): { readonly spec?: unknown } {
  if (textIn(spec, 'clusterName') === undefined) return {};
  return { spec: patchedFields(spec, { clusterName: cluster }) };
}

function proofName(name: string): string {
  return nameOf(name, 'dry-run');
}
