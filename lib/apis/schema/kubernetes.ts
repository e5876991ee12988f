import { immutable, list, object, text, type Rule, type Schema } from './schema.ts';

const SEMVER = '^v[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?([+][0-9A-Za-z.-]+)?$';

/** part is the CEL expression for one number of a version: 0 is major, 1 is minor, 2 is patch. */
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
      "'kubernetes.version is ' + self + ': use a semantic version with a leading v, for example v1.35.4'",
  },
  {
    rule: `!(${BOTH_VALID}) || ${major} > ${oldMajor} || (${major} == ${oldMajor} && (${minor} > ${oldMinor} || (${minor} == ${oldMinor} && ${patch} >= ${oldPatch})))`,
    messageExpression:
      "'kubernetes.version cannot be changed from ' + oldSelf + ' to ' + self + ': Kubernetes does not support downgrades, use ' + oldSelf + ' or a later version'",
  },
  {
    rule: `!(${BOTH_VALID}) || (${major} == ${oldMajor} && ${minor} <= ${oldMinor} + 1)`,
    messageExpression:
      "'kubernetes.version cannot skip minor versions from ' + oldSelf + ' to ' + self + ': upgrade one minor version at a time, use a version of the minor after ' + oldSelf",
  },
];

function twoFamilies(field: string): Rule {
  return {
    rule: 'self.size() < 2 || !isCIDR(self[0]) || !isCIDR(self[1]) || cidr(self[0]).ip().family() != cidr(self[1]).ip().family()',
    messageExpression: `'kubernetes.${field} has two ranges of the same IP family, ' + self.join(', ') + ': use one range, or one IPv4 and one IPv6 range'`,
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
          messageExpression: `'kubernetes.${field} has ' + self + ', which is not a CIDR: use a CIDR such as ${preset}'`,
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

/** kubernetes is `spec.kubernetes`: the version, and the settings that the first machine needs. */
export const kubernetes: Schema = object(
  'Kubernetes version and network settings.',
  {
    version: text(
      'Version with a leading v, for example v1.35.4. It can only be upgraded, one minor version at a time.',
      {
        maxLength: 64,
        rules: versionRules,
      },
    ),
    podCIDRs: cidrs(
      'podCIDRs',
      'Addresses for Pods: one CIDR, or one CIDR of each IP family.',
      '10.244.0.0/16',
    ),
    serviceCIDRs: cidrs(
      'serviceCIDRs',
      'Addresses for Services: one CIDR, or one CIDR of each IP family.',
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
          "'kubernetes.podCIDRs ' + self.podCIDRs.join(', ') + ' and kubernetes.serviceCIDRs ' + self.serviceCIDRs.join(', ') + ' overlap: use ranges that do not overlap'",
      },
    ],
  },
);
