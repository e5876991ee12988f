import { flag, keyedList, object, text, type Schema } from './schema.ts';
import { layer } from './layer.ts';

const SEMVER =
  '^(0|[1-9][0-9]*)[.](0|[1-9][0-9]*)[.](0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?([+][0-9A-Za-z.-]+)?$';

const variable = object(
  'A variable that a claim can set.',
  {
    name: text('Name of the variable.', {
      maxLength: 63,
      rules: [
        {
          rule: "self.matches('^[A-Za-z_][A-Za-z0-9_]*$')",
          message:
            'the name of a variable must consist of letters, digits and underscores, for example pod_mtu',
        },
      ],
    }),
    description: text('Purpose of the variable.', { maxLength: 1024 }),
    type: text('Type of the value.', { enum: ['string', 'integer', 'boolean'], default: 'string' }),
    pattern: text('RE2 pattern that the whole value must match.', { maxLength: 512 }),
    required: flag('Whether every claim must set a value.', { default: false }),
    default: text('Value if the claim does not set one.', { maxLength: 4096 }),
    sensitive: flag('Whether the value must come from a Secret.', { default: false }),
  },
  {
    required: ['name'],
    rules: [
      {
        rule: '!(has(self.default) && self.sensitive)',
        messageExpression:
          "'variable ' + self.name + ': a sensitive variable cannot have a default, remove one of the two'",
      },
      {
        rule: '!(has(self.default) && self.required)',
        messageExpression:
          "'variable ' + self.name + ': a required variable needs no default, remove one of the two'",
      },
    ],
  },
);

const version = object(
  'A published version; it can be removed, but never changed.',
  {
    version: text('Strict semantic version, for example 1.2.0.', {
      maxLength: 64,
      rules: [
        {
          rule: `self.matches('${SEMVER}')`,
          messageExpression:
            "'versions[].version is ' + self + ': use a strict semantic version without v, for example 1.2.0'",
        },
      ],
    }),
    variables: keyedList('Variables of this version.', 'name', variable),
    layers: keyedList('Layers of this version.', 'name', layer(), { minItems: 1 }),
  },
  {
    required: ['version', 'layers'],
    rules: [
      {
        rule: 'self == oldSelf',
        messageExpression:
          "'versions[' + self.version + '] is published and cannot be changed, because clusters use it: publish the change as a new version, or remove this version'",
      },
    ],
  },
);

/** profileSpec is `ClusterProfile.spec`. */
export const profileSpec: Schema = object(
  'Versions of the profile.',
  { versions: keyedList('Published versions.', 'version', version, { minItems: 1, maxItems: 50 }) },
  { required: ['versions'] },
);
