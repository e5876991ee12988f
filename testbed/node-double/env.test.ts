import { describe, expect, it } from '@jest/globals';
import { environment, type EnvSources, expand, type KeyedReader } from './env.ts';
import type { Container } from './pod.ts';
import { sampleContainer, samplePod, SAMPLE_ADDRESSES } from './sample-pod.ts';

const read: KeyedReader = async (kind, name) => {
  const known: Record<string, Record<string, Buffer>> = {
    'Secret/db': { user: Buffer.from('ann'), password: Buffer.from('hush') },
    'ConfigMap/site': { color: Buffer.from('blue') },
  };
  return known[`${kind}/${name}`];
};
const SOURCES: EnvSources = {
  at: SAMPLE_ADDRESSES,
  read,
  base: { PATH: '/bin', COLOR: 'base' },
  allocatable: { cpu: '8', memory: '16Gi' },
};

async function own(fields: Partial<Container>): Promise<Record<string, string>> {
  const { PATH, ...env } = await environment(samplePod(), sampleContainer(fields), SOURCES);
  expect(PATH).toBe('/bin');
  return env;
}

describe('expand', () => {
  it.each([
    ['a known name', 'x-$(A)-y', 'x-1-y'],
    ['an unknown name stays', '$(NO)', '$(NO)'],
    ['a doubled dollar sign is one', '$$(A) $$', '$(A) $'],
    ['a lone dollar sign stays', '$ $A ${A}', '$ $A ${A}'],
    ['a value is not expanded again', '$(B)', '$(A)'],
  ])('%s', (_reason, text, expected) => {
    expect(expand(text, { A: '1', B: '$(A)' })).toBe(expected);
  });
});

describe('environment', () => {
  const table: readonly [string, Partial<Container>, Record<string, string>][] = [
    ['base', {}, { COLOR: 'base' }],
    ['own values win over base', { env: [{ name: 'COLOR', value: 'red' }] }, { COLOR: 'red' }],
    [
      'a variable sees those before it, and not those after it',
      {
        env: [
          { name: 'A', value: '$(B)' },
          { name: 'B', value: 'b' },
          { name: 'C', value: '$(B)c' },
        ],
      },
      { COLOR: 'base', A: '$(B)', B: 'b', C: 'bc' },
    ],
    [
      'whole Secrets and ConfigMaps, with prefix, before env',
      {
        envFrom: [{ prefix: 'DB_', secretRef: { name: 'db' } }, { configMapRef: { name: 'site' } }],
        env: [{ name: 'URL', value: '$(DB_user)@$(color)' }],
      },
      { COLOR: 'base', DB_user: 'ann', DB_password: 'hush', color: 'blue', URL: 'ann@blue' },
    ],
    [
      'single keys',
      { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] },
      { COLOR: 'base', P: 'hush' },
    ],
    [
      'what is missing and optional is left out',
      {
        envFrom: [{ secretRef: { name: 'none', optional: true } }],
        env: [
          { name: 'A', valueFrom: { secretKeyRef: { name: 'none', key: 'k', optional: true } } },
          { name: 'B', valueFrom: { configMapKeyRef: { name: 'site', key: 'k', optional: true } } },
        ],
      },
      { COLOR: 'base' },
    ],
    [
      'fields of the Pod',
      {
        env: [
          { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
          { name: 'SA', valueFrom: { fieldRef: { fieldPath: 'spec.serviceAccountName' } } },
        ],
      },
      { COLOR: 'base', IP: '10.99.1.10', APP: 'web', SA: 'web' },
    ],
    [
      'limits in units of the divisor, rounded up; without a limit what the Node has',
      {
        resources: { limits: { memory: '100Mi', cpu: '1500m' }, requests: {} },
        env: [
          { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } },
          {
            name: 'CPU',
            valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } },
          },
        ],
      },
      { COLOR: 'base', MEM: String(100 * 2 ** 20), CPU: '2' },
    ],
    [
      'without a limit: what the Node has',
      {
        env: [
          {
            name: 'M',
            valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Gi' } },
          },
        ],
      },
      { COLOR: 'base', M: '16' },
    ],
  ];
  it.each(table)('%s', async (_reason, fields, expected) => {
    expect(await own(fields)).toEqual(expected);
  });

  it.each<[string, Partial<Container>, string]>([
    ['Secret', { envFrom: [{ secretRef: { name: 'none' } }] }, 'secret "none" not found'],
    [
      'key',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'site', key: 'k' } } }] },
      "couldn't find key k in ConfigMap site",
    ],
    [
      'field',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nonsense' } } }] },
      'does not support spec.nonsense',
    ],
  ])('a missing %s is a reason to wait', async (_what, fields, message) => {
    await expect(own(fields)).rejects.toMatchObject({
      reason: 'CreateContainerConfigError',
      message: expect.stringContaining(message),
    });
  });
});
