import type { Rule } from './schema.ts';

const LABEL = '^[a-z]([-a-z0-9]*[a-z0-9])?$';

/** The composite behind a claim has a longer, generated name; only what a person names is checked. */
const GENERATED = "self.kind == 'XManagedCluster'";

/**
 * clusterRules are rules over the whole ManagedCluster. All objects of a cluster are named after it:
 * Cluster API puts the names into labels (at most 63 characters) and clouds into DNS names.
 */
export const clusterRules: readonly Rule[] = [
  {
    rule: `${GENERATED} || (self.metadata.name.size() <= 40 && self.metadata.name.matches('${LABEL}'))`,
    messageExpression:
      "'metadata.name is ' + self.metadata.name + ': machines are named after it, write at most 40 lower-case letters, digits and dashes, beginning with a letter'",
  },
  {
    rule: `${GENERATED} || self.spec.nodePools.all(p, self.metadata.name.size() + p.name.size() < 63)`,
    message:
      'spec.nodePools[].name and metadata.name are together longer than 62 characters: shorten one of them, machines are named after both',
  },
];
