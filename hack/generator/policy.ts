import { SIDE_LABEL, type Side } from '../../lib/apis/ownership.ts';

/** Validation is one entry of `spec.validations`: what must hold, and the message when it does not. */
export interface Validation {
  readonly expression: string;
  readonly messageExpression: string;
}

/** Policy is the variable part of our ValidatingAdmissionPolicies. */
export interface Policy {
  readonly name: string;
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT')[];
  }[];
  /** The only namespace whose requests are evaluated; all if absent. */
  readonly namespace?: string;
  /** Only requests in namespaces with this label are evaluated. */
  readonly namespaceLabel?: string;
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly Validation[];
  /** Kind of the `params`: each object of the kind in the namespace of the request is evaluated. */
  readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  /** The only object of that kind that is evaluated; without it the policy admits everything. */
  readonly param?: { readonly namespace?: string; readonly name: string };
  /** Handles a request that cannot be evaluated; `Fail` by default. */
  readonly failurePolicy?: 'Ignore';
}

/**
 * policyObjects are the policy and its binding. They contain the defaults of the API server
 * (admissionregistration/v1), so that the stored objects equal the shipped ones.
 */
export function policyObjects(side: Side, policy: Policy): readonly object[] {
  const metadata = { name: policy.name, labels: { [SIDE_LABEL]: side } };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const { rules, paramKind, param, matchConditions, variables, validations } = policy;
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
          namespaceSelector: namespacesOf(policy),
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
          : { paramRef: { ...(param ?? { selector: {} }), parameterNotFoundAction: 'Allow' } }),
      },
    },
  ];
}

function namespacesOf({ namespace, namespaceLabel }: Policy): object {
  if (namespaceLabel !== undefined) {
    return { matchExpressions: [{ key: namespaceLabel, operator: 'Exists' }] };
  }
  // Every namespace has this label with its name.
  return namespace === undefined
    ? {}
    : { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
}
