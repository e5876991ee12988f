import { optionsFrom as functionOptions } from '../../function/server/options.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { optionsFrom as providerOptions } from '../../provider/options.ts';

/** Kinds of our packages in the chart, all of `pkg.crossplane.io/v1`. */
const PACKAGE_KINDS = ['Configuration', 'Function', 'Provider'];

/** Who reads the flags that a DeploymentRuntimeConfig gives; Crossplane gives the function its certificates. */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
  'managed-cluster-function': (args) =>
    functionOptions(args, { TLS_SERVER_CERTS_DIR: '/tls/server' }),
  'managed-cluster-provider': (args) => providerOptions(args, {}),
};

/**
 * chartMistakes are what does not fit together in what the chart renders, a sentence each: references
 * from one object to another that Helm does not look at, and Crossplane only when it is too late.
 */
export function chartMistakes(
  objects: readonly KubeObject[],
  compositions: readonly KubeObject[],
): readonly string[] {
  return [
    ...missingPackages(objects),
    ...missingFunctions(objects, compositions),
    ...missingRuntimes(objects),
    ...missingAccounts(objects),
    ...refusedFlags(objects),
  ];
}

function missingPackages(objects: readonly KubeObject[]): readonly string[] {
  return PACKAGE_KINDS.filter((kind) => namesOf(objects, kind).length !== 1).map(
    (kind) => `there is not one ${kind}`,
  );
}

/** A Composition calls a function by the name of the Function object. */
function missingFunctions(
  objects: readonly KubeObject[],
  compositions: readonly KubeObject[],
): readonly string[] {
  const names = namesOf(objects, 'Function');
  const called = compositions.flatMap((composition) => {
    const steps = listIn(recordIn(composition, 'spec'), 'pipeline');
    return steps.map((step) => text(recordIn(step, 'functionRef')?.['name']));
  });
  return [...new Set(called)]
    .filter((name) => !names.includes(name))
    .map((name) => `a Composition calls Function ${name}, which is not there`);
}

function missingRuntimes(objects: readonly KubeObject[]): readonly string[] {
  const configs = namesOf(objects, 'DeploymentRuntimeConfig');
  return objects
    .filter(({ kind }) => kind === 'Function' || kind === 'Provider')
    .map((object) => ({
      object,
      config: text(recordIn(recordIn(object, 'spec'), 'runtimeConfigRef')?.['name']),
    }))
    .filter(({ config }) => !configs.includes(config))
    .map(
      ({ object, config }) =>
        `${object.kind} ${object.metadata.name} runs by DeploymentRuntimeConfig ${config}, which is not there`,
    );
}

/** Crossplane makes a ServiceAccount only where the runtime names none, and then without our rights. */
function missingAccounts(objects: readonly KubeObject[]): readonly string[] {
  const accounts = namesOf(objects, 'ServiceAccount');
  return runtimesIn(objects)
    .flatMap(({ pod }) => pod?.['serviceAccountName'] ?? [])
    .map(text)
    .filter((account) => !accounts.includes(account))
    .map((account) => `a package runs as ServiceAccount ${account}, which is not there`);
}

function refusedFlags(objects: readonly KubeObject[]): readonly string[] {
  return runtimesIn(objects).flatMap(({ name, pod }) => {
    const args = listIn(listIn(pod, 'containers')[0], 'args').map(text);
    try {
      PROGRAMS[name]?.(args);
      return [];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

function runtimesIn(objects: readonly KubeObject[]) {
  return objects
    .filter(({ kind }) => kind === 'DeploymentRuntimeConfig')
    .map((config) => {
      const deployment = recordIn(recordIn(config, 'spec'), 'deploymentTemplate');
      const template = recordIn(recordIn(deployment, 'spec'), 'template');
      return { name: config.metadata.name ?? '', pod: recordIn(template, 'spec') };
    });
}

function namesOf(objects: readonly KubeObject[], wanted: string): readonly string[] {
  return objects.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata.name ?? '');
}

function listIn(value: unknown, field: string): readonly unknown[] {
  const found = isRecord(value) ? value[field] : undefined;
  return Array.isArray(found) ? found : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '(none)';
}
