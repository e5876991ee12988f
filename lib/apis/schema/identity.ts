import { object, text, type Schema } from './schema.ts';

/** identity is a reference to an identity object or Secret of an infrastructure provider. */
export function identity(description: string): Schema {
  return object(
    description,
    {
      kind: text('Kind of the identity object, as the infrastructure provider defines it.'),
      name: text('Name of the identity object or Secret.'),
    },
    { required: ['name'] },
  );
}
