import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ACCESS_CONFIG_MAP, ACCESS_KEY, CREDENTIAL_ID } from '../../lib/apis/access.ts';
import {
  AGENT_NAMESPACE,
  AGENT_PREFIX,
  AGENTS_NAMESPACE,
  TOKEN_AUDIENCES_ANNOTATION,
  TOKEN_SECONDS_ANNOTATION,
} from '../../lib/apis/agent.ts';
import { ASKED_SECONDS, PROVIDER_LEASE, THIS_SIDE } from '../../lib/apis/asked.ts';
import { ADOPT_VERB, FENCE_RESOURCE, FENCE_VERB } from '../../lib/apis/fence-verb.ts';
import { CLAIM_GROUP, CLUSTER_PLAN, GROUP } from '../../lib/apis/kinds.ts';
import {
  COMPOSITE_UID_ANNOTATION,
  EPOCH_ANNOTATION,
  HOLD_LABEL,
  OWNER_ANNOTATION,
  PIVOT_ANNOTATION,
  RECLAIMED_ANNOTATION,
  SOURCE_UID_ANNOTATION,
  type Side,
} from '../../lib/apis/ownership.ts';
import { CLAIMS, COMPOSITES } from './cluster-roles.ts';
import type { Policy } from './policy.ts';

/** PolicyName is one of the templates in hack/generator/policies. */
export type PolicyName =
  (typeof MANAGEMENT_POLICIES)[number] | (typeof WORKLOAD_POLICIES)[number] | 'provider-rights';

/** FENCE_POLICIES are on both sides; with the guard and {@link WORKLOAD_POLICIES} they are all policies of a workload side. */
export const FENCE_POLICIES = ['fence-owner', 'fence-machines', 'marks'] as const;

/** WORKLOAD_POLICIES are only on the workload side. */
export const WORKLOAD_POLICIES = ['access'] as const;

/** MANAGEMENT_POLICIES are the policies that the provider keeps on the management side. */
export const MANAGEMENT_POLICIES = [
  'guard',
  ...FENCE_POLICIES,
  'fence-handed-over',
  'agent-tokens',
  'adopt',
  'leaders',
] as const;

/** Whether the sender of the request has a verb on clusters (lib/apis/fence-verb.ts). */
function may(verb: string): string {
  return `authorizer.group('${GROUP}').resource('${FENCE_RESOURCE}').namespace(request.namespace).check('${verb}').allowed()`;
}

/** The values of `$NAME` placeholders in a template, besides `$SIDE`. */
const NAMES: Readonly<Record<string, string>> = {
  OWNER: OWNER_ANNOTATION,
  EPOCH: EPOCH_ANNOTATION,
  SOURCE_UID: SOURCE_UID_ANNOTATION,
  HOLD: HOLD_LABEL,
  PIVOT: PIVOT_ANNOTATION,
  STAMP: COMPOSITE_UID_ANNOTATION,
  MAY_FENCE: may(FENCE_VERB),
  MAY_ADOPT: may(ADOPT_VERB),
  VERB: FENCE_VERB,
  ADOPT_VERB,
  RESOURCE: FENCE_RESOURCE,
  ACCESS: ACCESS_CONFIG_MAP,
  ADMITTED: ACCESS_KEY,
  CREDENTIAL_ID,
  THIS_SIDE: THIS_SIDE.name,
  THIS_SIDE_VERSION: THIS_SIDE.apiVersion,
  ASKED_DURATION: `${ASKED_SECONDS}s`,
  RECLAIMED: RECLAIMED_ANNOTATION,
  PROVIDER_LEASE,
  AGENT_NAMESPACE,
  AGENTS: AGENTS_NAMESPACE,
  AGENT_PREFIX,
  TOKEN_SECONDS: TOKEN_SECONDS_ANNOTATION,
  TOKEN_AUDIENCES: TOKEN_AUDIENCES_ANNOTATION,
  GROUP,
  CLAIM_GROUP,
  CLAIMS,
  COMPOSITES,
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
