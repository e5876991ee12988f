import { isLabel } from '../lib/core/names.ts';
import { machines, type ClusterInput } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import { labelProblems } from './node-labels.ts';
import { CONTROL_PLANE_ROLE } from './object-names.ts';
import { overrideProblems } from './overrides.ts';
import { sshProblems } from './ssh.ts';

/**
 * problems returns the errors in a claim that its schema does not detect, as sentences that name the
 * field and say how to fix it. A claim with problems must not be expanded.
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

/** The name is used as a label value and as a prefix of host names (CAPI v1.14 webhook). */
function nameProblems({ name }: ClusterInput): readonly string[] {
  if (isLabel(name)) return [];
  return [
    `the name of the cluster would be ${name}: use at most 63 lower-case letters, digits and dashes`,
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
          `${path}.${field} is not used if cloud.provider is ${provider}: remove it, and use ${machineFields.join(', ')}`,
      ),
  );
}

function poolProblems({ spec }: ClusterInput): readonly string[] {
  const { controlPlane, nodePools } = spec;
  return [
    ...(controlPlane.schedulable || nodePools.length > 0
      ? []
      : [
          'controlPlane.schedulable is false and there are no nodePools, so no Pod could run: add a node pool',
        ]),
    ...(nodePools.some(({ name }) => name === CONTROL_PLANE_ROLE)
      ? [
          `nodePools[${CONTROL_PLANE_ROLE}] has the reserved name of the control plane: choose another name`,
        ]
      : []),
    ...nodePools.flatMap(labelProblems),
  ];
}
