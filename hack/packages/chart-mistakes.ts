import { optionsFrom as functionOptions } from '../../function/server/options.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { optionsFrom as providerOptions } from '../../provider/options.ts';
import { listIn, runtimesIn, text } from './chart-objects.ts';

/** Kinds of our packages in the chart, all in `pkg.crossplane.io/v1`. */
const PACKAGE_KINDS = ['Configuration', 'Function', 'Provider'];

/** Parsers for the flags in a DeploymentRuntimeConfig; Crossplane provides the certificates of the function. */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
  'managed-cluster-function': (args) =>
    functionOptions(args, { TLS_SERVER_CERTS_DIR: '/tls/server' }),
  'managed-cluster-provider': (args) => providerOptions(args, {}),
};

/**
 * chartMistakes are the inconsistencies in a rendered chart, one sentence each: references between objects
 * that Helm does not check, and Crossplane only at run time.
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
    (kind) => `the chart must have exactly one ${kind}`,
  );
}

/** A Composition references a function by the name of the Function object. */
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
    .map((name) => `a Composition references Function ${name}, which does not exist`);
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
        `${object.kind} ${object.metadata.name} references DeploymentRuntimeConfig ${config}, which does not exist`,
    );
}

/** Crossplane creates a ServiceAccount only if the runtime config names none, and then without our RBAC. */
function missingAccounts(objects: readonly KubeObject[]): readonly string[] {
  const accounts = namesOf(objects, 'ServiceAccount');
  return runtimesIn(objects)
    .flatMap(({ pod }) => pod?.['serviceAccountName'] ?? [])
    .map(text)
    .filter((account) => !accounts.includes(account))
    .map((account) => `a package references ServiceAccount ${account}, which does not exist`);
}

function refusedFlags(objects: readonly KubeObject[]): readonly string[] {
  return runtimesIn(objects).flatMap(({ name, args }) => {
    try {
      PROGRAMS[name]?.(args);
      return [];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

function namesOf(objects: readonly KubeObject[], wanted: string): readonly string[] {
  return objects.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata.name ?? '');
}
