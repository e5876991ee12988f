import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Runtime is what a DeploymentRuntimeConfig says about the Pods of a package. */
export interface Runtime {
  readonly name: string;
  readonly pod: Fields | undefined;
  readonly labels: Fields | undefined;
  readonly args: readonly string[];
}

/** runtimesIn returns the Pods of the packages in a rendered chart. */
export function runtimesIn(objects: readonly KubeObject[]): readonly Runtime[] {
  return objects
    .filter(({ kind }) => kind === 'DeploymentRuntimeConfig')
    .map(({ metadata, spec }) => {
      const deployment = recordIn(recordIn(spec, 'deploymentTemplate'), 'spec');
      const template = recordIn(deployment, 'template');
      const pod = recordIn(template, 'spec');
      return {
        name: metadata.name ?? '',
        pod,
        labels: recordIn(recordIn(template, 'metadata'), 'labels'),
        args: listIn(listIn(pod, 'containers')[0], 'args').map(text),
      };
    });
}

/** listIn returns the list in a field; empty if there is none. */
export function listIn(value: unknown, field: string): readonly unknown[] {
  const found = isRecord(value) ? value[field] : undefined;
  return Array.isArray(found) ? found : [];
}

/** text returns a text as it is, and `(none)` for anything else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '(none)';
}
