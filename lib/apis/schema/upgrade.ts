import { integer, object, type Schema } from './schema.ts';

/** upgrade is `spec.upgrade`: how disruptive changes are carried out. */
export const upgrade: Schema = object(
  'How changes that replace machines are carried out.',
  {
    workersInParallel: integer('How many node pools are changed at the same time.', {
      minimum: 1,
      maximum: 32,
      default: 1,
    }),
  },
  { default: {} },
);
