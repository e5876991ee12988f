import type { Rule } from './schema.ts';

const LABEL = '^[a-z]([-a-z0-9]*[a-z0-9])?$';

/** The composite of a claim has a longer, generated name; only names chosen by users are checked. */
const GENERATED = "self.kind == 'XManagedCluster'";

/**
 * clusterRules are rules for the whole ManagedCluster. All objects of a cluster are named after it:
 * Cluster API uses the names as label values (at most 63 characters), and clouds use them as DNS names.
 */
export const clusterRules: readonly Rule[] = [
  {
    rule: `${GENERATED} || (self.metadata.name.size() <= 40 && self.metadata.name.matches('${LABEL}'))`,
    messageExpression:
      "'metadata.name is ' + self.metadata.name + ': machines are named after it, use at most 40 lower-case letters, digits and dashes, starting with a letter'",
  },
  {
    rule: `${GENERATED} || self.spec.nodePools.all(p, self.metadata.name.size() + p.name.size() < 63)`,
    message:
      'spec.nodePools[].name and metadata.name together are longer than 62 characters: shorten one of them, machines are named after both',
  },
];
