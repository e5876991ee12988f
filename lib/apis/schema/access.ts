import { keyedList, list, object, text, type Schema } from './schema.ts';

/** ssh is `spec.ssh`: public keys for the machines. */
export const ssh: Schema = object(
  'Who may log in to the machines.',
  {
    user: text('Name of the user that is made by cloud-init.', {
      default: 'capi',
      maxLength: 32,
    }),
    authorizedKeys: list(
      'Public keys, one line each, as in authorized_keys.',
      text('A public key.', { maxLength: 4096 }),
      { maxItems: 32 },
    ),
    secretRef: object(
      'Secret in the namespace of the claim; its key authorizedKeys holds public keys, one a line.',
      { name: text('Name of the Secret.') },
      { required: ['name'] },
    ),
  },
  {
    rules: [
      {
        rule: 'has(self.authorizedKeys) != has(self.secretRef)',
        message: 'ssh: write exactly one of authorizedKeys and secretRef',
      },
    ],
  },
);

const variable = object(
  'One variable of the profile.',
  {
    name: text('Name of the variable, as the profile declares it.', { maxLength: 63 }),
    value: text('Its value, in text form.', { maxLength: 4096 }),
    secretKeyRef: object(
      'Where a sensitive value is kept: a Secret in the namespace of the claim. The agent reads it; it never stands in a claim or a plan.',
      { name: text('Name of the Secret.'), key: text('Key in the Secret.') },
      { required: ['name', 'key'] },
    ),
  },
  {
    required: ['name'],
    rules: [
      {
        rule: 'has(self.value) != has(self.secretKeyRef)',
        messageExpression:
          "'profiles[].variables[' + self.name + ']: write exactly one of value and secretKeyRef'",
      },
    ],
  },
);

/** profiles is `spec.profiles`: what is installed into the cluster, by reference. */
export const profiles: Schema = keyedList(
  'ClusterProfiles whose layers are installed, in this order where priorities are equal.',
  'name',
  object(
    'One version of a ClusterProfile.',
    {
      name: text('Name of the ClusterProfile.'),
      version: text('Version of it, exactly as it lists it, for example 1.2.0.', {
        maxLength: 64,
      }),
      variables: keyedList('Values for the variables that the profile declares.', 'name', variable),
    },
    { required: ['name', 'version'] },
  ),
  { maxItems: 16, default: [] },
);
