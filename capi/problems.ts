import { isLabel } from '../lib/core/names.ts';
import { machines, type ClusterInput } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import { labelProblems } from './node-labels.ts';
import { CONTROL_PLANE_ROLE } from './object-names.ts';
import { overrideProblems } from './overrides.ts';
import { sshProblems } from './ssh.ts';

/**
 * problems are the mistakes in a claim that its schema does not refuse, as sentences that name the
 * field and say what to write instead. A claim with problems must not be expanded.
 */
export function problems(input: ClusterInput): readonly string[] {
  return [
    ...nameProblems(input),
    ...machineProblems(input),
    ...poolProblems(input),
    ...sshProblems(input),
    ...cloudOf(input).problems(input),
    ...overrideProblems(input),
  ];
}

/** The name becomes the value of a label and the beginning of host names (CAPI v1.14 webhook). */
function nameProblems({ name }: ClusterInput): readonly string[] {
  if (isLabel(name)) return [];
  return [
    `the cluster would be called ${name}: use at most 63 lower-case letters, digits and dashes`,
  ];
}

function machineProblems(input: ClusterInput): readonly string[] {
  const { machineFields } = cloudOf(input);
  const { provider } = input.spec.cloud;
  return machines(input).flatMap(({ path, machine }) =>
    Object.keys(machine)
      .filter((field) => !machineFields.some((known) => known === field))
      .map(
        (field) =>
          `${path}.${field} is not read where cloud.provider is ${provider}: leave it out, and use ${machineFields.join(', ')}`,
      ),
  );
}

function poolProblems({ spec }: ClusterInput): readonly string[] {
  const { controlPlane, nodePools } = spec;
  return [
    ...(controlPlane.schedulable || nodePools.length > 0
      ? []
      : [
          'controlPlane.schedulable is false and there are no nodePools: no Pod could run, add a pool',
        ]),
    ...(nodePools.some(({ name }) => name === CONTROL_PLANE_ROLE)
      ? [`nodePools[${CONTROL_PLANE_ROLE}] has the name of the control plane: choose another one`]
      : []),
    ...nodePools.flatMap(labelProblems),
  ];
}
