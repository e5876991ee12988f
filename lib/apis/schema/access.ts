import { keyedList, list, object, text, type Schema } from './schema.ts';

/** ssh is `spec.ssh`: public keys for the machines. */
export const ssh: Schema = object(
  'SSH access to the machines.',
  {
    user: text('Name of the user that cloud-init creates.', {
      default: 'capi',
      maxLength: 32,
    }),
    authorizedKeys: list(
      'Public keys, one per entry, in the format of authorized_keys.',
      text('A public key.', { maxLength: 4096 }),
      { maxItems: 32 },
    ),
    secretRef: object(
      'Secret in the namespace of the claim; its key authorizedKeys contains public keys, one per line. Its annotation managedcluster.io/usable-by must list this cluster.',
      { name: text('Name of the Secret.') },
      { required: ['name'] },
    ),
  },
  {
    rules: [
      {
        rule: 'has(self.authorizedKeys) != has(self.secretRef)',
        message: 'ssh: set exactly one of authorizedKeys and secretRef',
      },
    ],
  },
);

const variable = object(
  'A variable of the profile.',
  {
    name: text('Name of the variable, as the profile declares it.', { maxLength: 63 }),
    value: text('Value of the variable, as a string.', { maxLength: 4096 }),
    secretKeyRef: object(
      'Reference to a sensitive value in a Secret in the namespace of the claim. The annotation managedcluster.io/usable-by of the Secret must list this cluster. The agent reads the value; it is never stored in a claim or a plan.',
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
          "'profiles[].variables[' + self.name + ']: set exactly one of value and secretKeyRef'",
      },
    ],
  },
);

/** profiles is `spec.profiles`: references to what is installed in the cluster. */
export const profiles: Schema = keyedList(
  'ClusterProfiles whose layers are installed; layers of equal priority are installed in this order.',
  'name',
  object(
    'A version of a ClusterProfile.',
    {
      name: text('Name of the ClusterProfile.'),
      version: text('Version of the ClusterProfile, exactly as listed there, for example 1.2.0.', {
        maxLength: 64,
      }),
      variables: keyedList('Values of the variables that the profile declares.', 'name', variable),
    },
    { required: ['name', 'version'] },
  ),
  { maxItems: 16, default: [] },
);
