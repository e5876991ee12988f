import { describe, expect, it } from '@jest/globals';
import {
  anything,
  dictionary,
  flag,
  integer,
  list,
  object,
  text,
  type Schema,
} from '../../lib/apis/schema/schema.ts';
import { typeName } from './type-names.ts';
import { typescriptTypes } from './types.ts';

function typesOf(schema: Schema): Promise<string> {
  return typescriptTypes('Thing', [{ name: 'ThingSpec', path: 'spec', schema }]);
}

describe('typescriptTypes', () => {
  it.each([
    ['required', object('', { a: text('') }, { required: ['a'] }), 'readonly a: string;'],
    ['optional', object('', { a: text('') }), 'readonly a?: string;'],
    ['filled in', object('', { a: integer('', { default: 1 }) }), 'readonly a: number;'],
    ['a flag', object('', { a: flag('') }), 'readonly a?: boolean;'],
    ['values', object('', { a: text('', { enum: ['x', 'y'] }) }), "readonly a?: 'x' | 'y';"],
    ['a list', object('', { a: list('', text('')) }), 'readonly a?: readonly string[];'],
    [
      'a list of values',
      object('', { a: list('', text('', { enum: ['x', 'y'] })) }),
      "readonly a?: readonly ('x' | 'y')[];",
    ],
    [
      'a dictionary',
      object('', { a: dictionary('', text('')) }),
      'readonly a?: Readonly<Record<string, string>>;',
    ],
    ['anything', object('', { a: anything('') }), 'readonly a?: JsonObject;'],
    ['a description', object('', { a: text('What.') }), '/** What. */\n  readonly a?: string;'],
    [
      'an object',
      object('', { pools: list('', object('', { b: text('') })) }),
      'readonly pools?: readonly Pool[];',
    ],
  ])('writes %s', async (_reason, schema, line) => {
    expect(await typesOf(schema)).toContain(line);
  });

  it('writes one type for what has one shape', async () => {
    const machine = object('', { b: text('') });
    const types = await typesOf(
      object('', { x: object('', { machine }), y: object('', { machine }) }),
    );
    expect(types.match(/interface Machine /g)).toHaveLength(1);
  });

  it('refuses one name for two shapes', async () => {
    const schema = object('', {
      x: object('', { machine: object('', { b: text('') }) }),
      y: object('', { machine: object('', { c: text('') }) }),
    });
    await expect(typesOf(schema)).rejects.toThrow(
      'spec.y.machine: another Machine has other fields; name it in type-names.ts',
    );
  });
});

describe('typeName', () => {
  it.each([
    ['spec.nodePools[]', 'NodePool'],
    ['spec.kubernetes', 'KubernetesSpec'],
    ['spec.cloud.aws', 'AwsCloud'],
    ['spec.cloud.aws.rules[]', 'AwsCloudRule'],
    ['spec.cloud.identityRef', 'IdentityRef'],
    ['status.nodePools[]', 'NodePoolStatus'],
    ['status.conditions[]', 'Condition'],
    ['status.kubeconfigSecretRef', 'KubeconfigSecretRef'],
  ])('%s is %s', (path, name) => {
    expect(typeName(path)).toBe(name);
  });
});
