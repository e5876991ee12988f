import { ARCHITECTURES, elfMachineOf, type Architecture } from './architecture.ts';
import type { Layer } from './layer.ts';

/** Programs and libraries in layers that are for another architecture. */
export function foreignFiles(
  architecture: Architecture,
  layers: readonly Layer[],
): readonly string[] {
  const { elfMachine } = ARCHITECTURES[architecture];
  return layers.flatMap(({ name, files }) =>
    files
      .filter(({ content }) => (elfMachineOf(content) ?? elfMachine) !== elfMachine)
      .map(({ path }) => `${path} of layer ${name}`),
  );
}
