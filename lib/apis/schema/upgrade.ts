import { integer, object, type Schema } from './schema.ts';

/** upgrade is `spec.upgrade`: how disruptive changes are rolled out. */
export const upgrade: Schema = object(
  'How changes that replace machines are rolled out.',
  {
    workersInParallel: integer('Maximum number of node pools that are changed at the same time.', {
      minimum: 1,
      maximum: 32,
      default: 1,
    }),
  },
  { default: {} },
);
