import { integer, object, text } from './schema.ts';

/** machineCounts are numbers of machines; the agent reports them and the claim shows them. */
export const machineCounts = {
  desired: integer('Number of desired machines.'),
  ready: integer('Number of ready machines.'),
  version: text('Lowest Kubernetes version of the machines.', { maxLength: 64 }),
} as const;

/** poolCounts are the {@link machineCounts} of a node pool. */
export const poolCounts = object(
  'A node pool.',
  { name: text('Name of the pool.', { maxLength: 63 }), ...machineCounts },
  { required: ['name'] },
);

/** layerReport is the progress of a layer; the agent reports it and the claim shows it. */
export const layerReport = object(
  'A layer.',
  {
    name: text('Name of the layer.', { maxLength: 63 }),
    profile: text('Profile and version that the layer comes from.'),
    phase: text('Progress of the installation.', {
      enum: ['Pending', 'Installing', 'Ready', 'Failed'],
    }),
    message: text(
      'What the layer waits for; for a ready layer, which objects it released but did not delete.',
      {
        maxLength: 400,
      },
    ),
  },
  { required: ['name', 'phase'] },
);
