import { integer, object, text } from './schema.ts';

/** machineCounts is how many machines there are; the agent reports it and the claim shows it. */
export const machineCounts = {
  desired: integer('How many are wanted.'),
  ready: integer('How many are ready.'),
  version: text('Kubernetes version of the oldest of them.', { maxLength: 64 }),
} as const;

/** poolCounts is the same for one pool. */
export const poolCounts = object(
  'One pool.',
  { name: text('Name of the pool.'), ...machineCounts },
  { required: ['name'] },
);

/** layerReport is how far one layer is; the agent reports it and the claim shows it. */
export const layerReport = object(
  'One layer.',
  {
    name: text('Name of the layer.'),
    profile: text('Profile and version that it comes from.'),
    phase: text('Where the agent is with it.', {
      enum: ['Pending', 'Installing', 'Ready', 'Failed'],
    }),
    message: text(
      'What is being waited for; of a layer that is ready, what it has let go but not deleted.',
      {
        maxLength: 1024,
      },
    ),
  },
  { required: ['name', 'phase'] },
);
