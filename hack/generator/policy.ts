import { SIDE_LABEL, type Side } from '../../lib/apis/ownership.ts';

/** Validation is one entry of `spec.validations`: what must hold, and what is said when it does not. */
export interface Validation {
  readonly expression: string;
  readonly messageExpression: string;
}

/** Policy is what differs from one of our ValidatingAdmissionPolicies to another. */
export interface Policy {
  readonly name: string;
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE')[];
  }[];
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly Validation[];
  /** Kind of which each object in the namespace of the request is looked at in turn, as `params`. */
  readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  /** What becomes of a request that the policy can't judge; refused unless told. */
  readonly failurePolicy?: 'Ignore';
}

/**
 * policyObjects are the policy and its binding. They
 * spell out the API server's defaults (admissionregistration/v1), so that what it stores is what is shipped.
 */
export function policyObjects(side: Side, policy: Policy): readonly object[] {
  const metadata = { name: policy.name, labels: { [SIDE_LABEL]: side } };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const { rules, paramKind, matchConditions, variables, validations } = policy;
  const { failurePolicy = 'Fail' } = policy;
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy,
        ...(paramKind === undefined ? {} : { paramKind }),
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          resourceRules: rules.map((rule) => ({ apiVersions: ['*'], ...rule, scope: '*' })),
        },
        ...(matchConditions === undefined ? {} : { matchConditions }),
        ...(variables === undefined ? {} : { variables }),
        validations: validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: policy.name,
        validationActions: ['Deny'],
        ...(paramKind === undefined
          ? {}
          : { paramRef: { selector: {}, parameterNotFoundAction: 'Allow' } }),
      },
    },
  ];
}
