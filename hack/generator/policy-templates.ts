import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CLUSTER_PLAN, GROUP } from '../../lib/apis/kinds.ts';
import {
  EPOCH_ANNOTATION,
  HOLD_LABEL,
  OWNER_ANNOTATION,
  SOURCE_UID_ANNOTATION,
  type Side,
} from '../../lib/apis/ownership.ts';
import type { Policy } from './policy.ts';

/** PolicyName is one of the templates in hack/generator/policies. */
export type PolicyName = 'guard' | 'fence-owner' | 'fence-machines' | 'fence-handed-over';

/** The values of `$NAME` placeholders in a template, besides `$SIDE`. */
const NAMES: Readonly<Record<string, string>> = {
  OWNER: OWNER_ANNOTATION,
  EPOCH: EPOCH_ANNOTATION,
  SOURCE_UID: SOURCE_UID_ANNOTATION,
  HOLD: HOLD_LABEL,
  GROUP,
  CLUSTER_PLAN_VERSION: CLUSTER_PLAN.apiVersion,
};

/** policyFor is a policy for a side. */
export function policyFor(name: PolicyName, side: Side): Policy {
  const template = readFileSync(`hack/generator/policies/${name}.yaml`, 'utf8');
  const policy: Policy = parse(filledIn(template, side));
  return policy;
}

/** filledIn replaces placeholders; it fails for an unknown one. */
export function filledIn(template: string, side: Side): string {
  return template.replaceAll(/\$([A-Z_]+)/g, (_all, name: string) => {
    const text = name === 'SIDE' ? side : NAMES[name];
    if (text === undefined)
      throw new Error(`cannot fill in a policy: unknown placeholder $${name}`);
    return text;
  });
}
