import { immutable, list, object, text, type Rule, type Schema } from './schema.ts';

const SEMVER = '^v[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?([+][0-9A-Za-z.-]+)?$';

/** part is the CEL expression for one number of a version: 0 major, 1 minor, 2 patch. */
function part(of: 'self' | 'oldSelf', index: 0 | 1 | 2): string {
  return `int(${of}.substring(1).split('+')[0].split('-')[0].split('.')[${index}])`;
}

const [major, minor, patch] = [part('self', 0), part('self', 1), part('self', 2)];
const [oldMajor, oldMinor, oldPatch] = [part('oldSelf', 0), part('oldSelf', 1), part('oldSelf', 2)];
const BOTH_VALID = `self.matches('${SEMVER}') && oldSelf.matches('${SEMVER}')`;

const versionRules: readonly Rule[] = [
  {
    rule: `self.matches('${SEMVER}')`,
    messageExpression:
      "'kubernetes.version is ' + self + ': write a semantic version with a leading v, for example v1.35.4'",
  },
  {
    rule: `!(${BOTH_VALID}) || ${major} > ${oldMajor} || (${major} == ${oldMajor} && (${minor} > ${oldMinor} || (${minor} == ${oldMinor} && ${patch} >= ${oldPatch})))`,
    messageExpression:
      "'kubernetes.version can not go back from ' + oldSelf + ' to ' + self + ': Kubernetes has no downgrade, write ' + oldSelf + ' or a later version'",
  },
  {
    rule: `!(${BOTH_VALID}) || (${major} == ${oldMajor} && ${minor} <= ${oldMinor} + 1)`,
    messageExpression:
      "'kubernetes.version can not jump from ' + oldSelf + ' to ' + self + ': go one minor version at a time, write a version of the minor that follows ' + oldSelf",
  },
];

function twoFamilies(field: string): Rule {
  return {
    rule: 'self.size() < 2 || !isCIDR(self[0]) || !isCIDR(self[1]) || cidr(self[0]).ip().family() != cidr(self[1]).ip().family()',
    messageExpression: `'kubernetes.${field} has two ranges of one family, ' + self.join(', ') + ': write one, or one IPv4 and one IPv6 range'`,
  };
}

function cidrs(field: string, description: string, preset: string): Schema {
  return list(
    description,
    text('A CIDR.', {
      maxLength: 43,
      rules: [
        {
          rule: 'isCIDR(self)',
          messageExpression: `'kubernetes.${field} has ' + self + ', which is no CIDR: write one such as ${preset}'`,
        },
      ],
    }),
    {
      default: [preset],
      minItems: 1,
      maxItems: 2,
      rules: [immutable(`kubernetes.${field}`), twoFamilies(field)],
    },
  );
}

/** kubernetes is `spec.kubernetes`: the version and what must be known before the first machine. */
export const kubernetes: Schema = object(
  'Kubernetes itself.',
  {
    version: text(
      'Version with a leading v, for example v1.35.4. It moves forward only, one minor at a time.',
      {
        maxLength: 64,
        rules: versionRules,
      },
    ),
    podCIDRs: cidrs(
      'podCIDRs',
      'Addresses for Pods: one CIDR, or one of each family.',
      '10.244.0.0/16',
    ),
    serviceCIDRs: cidrs(
      'serviceCIDRs',
      'Addresses for Services: one CIDR, or one of each family.',
      '10.96.0.0/12',
    ),
    serviceDomain: text('DNS domain of Services.', {
      default: 'cluster.local',
      rules: [immutable('kubernetes.serviceDomain')],
    }),
  },
  {
    required: ['version'],
    rules: [
      {
        rule: '!self.podCIDRs.exists(p, self.serviceCIDRs.exists(s, isCIDR(p) && isCIDR(s) && (cidr(p).containsIP(cidr(s).ip()) || cidr(s).containsIP(cidr(p).ip()))))',
        messageExpression:
          "'kubernetes.podCIDRs ' + self.podCIDRs.join(', ') + ' and kubernetes.serviceCIDRs ' + self.serviceCIDRs.join(', ') + ' overlap: choose ranges that share no address'",
      },
    ],
  },
);
