import type { Json } from '../../core/object.ts';
import { LONGEST_CONDITION } from '../../core/reported.ts';

/** Rule is an `x-kubernetes-validations` entry: a CEL expression and the message for a violation. */
export interface Rule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired';
}

/** Schema is the part of a Kubernetes structural schema (OpenAPI v3) that our APIs use. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly 'x-kubernetes-validations'?: readonly Rule[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

type Extras = Omit<Schema, 'type' | 'description' | 'properties' | 'items'> & {
  readonly rules?: readonly Rule[];
};

function withRules({ rules, ...rest }: Extras): Schema {
  return rules === undefined ? rest : { ...rest, 'x-kubernetes-validations': rules };
}

/** text is a string with a default limit of 253 characters (CEL needs a limit to estimate its cost). */
export function text(description: string, extras: Extras = {}): Schema {
  return { type: 'string', description, maxLength: 253, ...withRules(extras) };
}

/** integer is a 32-bit integer. */
export function integer(description: string, extras: Extras = {}): Schema {
  return { type: 'integer', format: 'int32', description, ...withRules(extras) };
}

/** flag is a boolean. */
export function flag(description: string, extras: Extras = {}): Schema {
  return { type: 'boolean', description, ...withRules(extras) };
}

/** time is an RFC 3339 instant. */
export function time(description: string): Schema {
  return { type: 'string', format: 'date-time', description };
}

/** object has the given fields; `required` lists the required ones. */
export function object(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  extras: Extras = {},
): Schema {
  return { type: 'object', description, properties, ...withRules(extras) };
}

/** dictionary maps arbitrary keys to values of one schema. */
export function dictionary(description: string, values: Schema, extras: Extras = {}): Schema {
  return {
    type: 'object',
    description,
    maxProperties: 64,
    additionalProperties: values,
    ...withRules(extras),
  };
}

/** list is an atomic list: an apply replaces it as a whole. */
export function list(description: string, items: Schema, extras: Extras = {}): Schema {
  return {
    type: 'array',
    description,
    maxItems: 64,
    'x-kubernetes-list-type': 'atomic',
    items,
    ...withRules(extras),
  };
}

/** keyedList is a map list: server-side apply merges it entry by entry; `key` is unique in it. */
export function keyedList(
  description: string,
  key: string,
  items: Schema,
  extras: Extras = {},
): Schema {
  return {
    ...list(description, items, extras),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
  };
}

/** anything is free-form JSON; unknown fields are preserved. */
export function anything(description: string): Schema {
  return { type: 'object', description, 'x-kubernetes-preserve-unknown-fields': true };
}

/** immutable refuses every change after creation. */
export function immutable(field: string): Rule {
  return {
    rule: 'self == oldSelf',
    message: `${field} cannot be changed after creation: create a new ManagedCluster instead`,
  };
}

/** unchanged refuses to set, change or remove an optional field of an object after its creation. */
export function unchanged(field: string, advice: string): Rule {
  return {
    rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
    message: `spec.${field} cannot be changed: ${advice}`,
  };
}

/** ConditionLimits limit a list of conditions, in entries and characters. */
export interface ConditionLimits {
  readonly most: number;
  readonly reason: number;
  readonly message: number;
}

/** Those of metav1.Condition: also for conditions that Crossplane writes. */
const USUAL: ConditionLimits = { most: 64, reason: 1024, message: 32768 };

/** OWN_CONDITIONS are the limits of a kind whose conditions only our programs write. */
export const OWN_CONDITIONS: ConditionLimits = {
  most: 16,
  reason: 128,
  message: LONGEST_CONDITION,
};

/** conditions is the list of `metav1.Condition` in every status. */
export function conditions(description: string, limits: ConditionLimits = USUAL): Schema {
  return keyedList(
    description,
    'type',
    object(
      'One aspect of the state of the object, as a metav1.Condition.',
      {
        type: text('Type of the condition.', { maxLength: 316 }),
        status: text('True, False or Unknown.', { enum: ['True', 'False', 'Unknown'] }),
        reason: text('Machine-readable reason, in CamelCase.', { maxLength: limits.reason }),
        message: text('Details of the current state, or what the condition waits for.', {
          maxLength: limits.message,
        }),
        observedGeneration: {
          type: 'integer',
          format: 'int64',
          description: 'Generation of the object that the condition was set for.',
        },
        lastTransitionTime: time('When the status last changed.'),
      },
      { required: ['type', 'status', 'reason', 'lastTransitionTime'] },
    ),
    { maxItems: limits.most },
  );
}
