import { describe, expect, it } from '@jest/globals';
import { appliedFields } from './applied-fields.ts';
import type { JsonObject, KubeObject } from './object.ts';

const OURS = 'apiextensions.crossplane.io/composed/';

/**
 * Recorded from kube-apiserver v1.36.3: two managers applied one object by server-side apply, and a third
 * wrote its status. `entries` is keyed by name and `ports` in it by port and protocol (default TCP),
 * `tags` and `numbers` are sets, `commands` and `selector` atomic.
 */
const SAMPLE: KubeObject = {
  apiVersion: 'test.managedcluster.io/v1',
  kind: 'Sample',
  metadata: {
    annotations: {
      'crossplane.io/composition-resource-name': 'cluster',
      'managedcluster.io/owner': 'moving',
      note: 'a & b',
    },
    creationTimestamp: '2026-11-23T06:40:38Z',
    finalizers: ['test.managedcluster.io/f'],
    generation: 2,
    labels: { 'crossplane.io/composite': 's', 'managedcluster.io/hold': '', theirs: 'yes' },
    managedFields: [
      {
        fieldsV1: {
          'f:metadata': {
            'f:annotations': { 'f:crossplane.io/composition-resource-name': {}, 'f:note': {} },
            'f:labels': { 'f:crossplane.io/composite': {}, 'f:managedcluster.io/hold': {} },
            'f:ownerReferences': { 'k:{"uid":"11111111-1111-1111-1111-111111111111"}': {} },
          },
          'f:spec': {
            'f:anything': {
              'f:deep': { '.': {}, 'f:empty': {}, 'f:list': {}, 'f:none': {} },
              'f:nothing': {},
            },
            'f:commands': {},
            'f:entries': {
              'k:{"name":"b\\u0026c"}': { '.': {}, 'f:name': {} },
              'k:{"name":"one"}': {
                '.': {},
                'f:name': {},
                'f:ports': {
                  'k:{"port":53,"protocol":"UDP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} },
                  'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:host': {}, 'f:port': {} },
                },
                'f:value': {},
              },
            },
            'f:labels': { 'f:mine': {} },
            'f:note': {},
            'f:numbers': { 'v:1': {}, 'v:2': {} },
            'f:replicas': {},
            'f:selector': {},
            'f:strategy': {},
            'f:tags': {
              'v:"\\u003ctag\\u003e"': {},
              'v:"a\\u0026b"': {},
              'v:"plain"': {},
              'v:"quote\\"d"': {},
            },
          },
        },
        manager: 'apiextensions.crossplane.io/composed/0f6c8f9a3c4b',
        operation: 'Apply',
      },
      {
        fieldsV1: {
          'f:metadata': {
            'f:annotations': { 'f:managedcluster.io/owner': {} },
            'f:finalizers': { 'v:"test.managedcluster.io/f"': {} },
            'f:labels': { 'f:theirs': {} },
          },
          'f:spec': {
            'f:anything': {
              'f:deep': { '.': {}, 'f:theirs': {} },
              'f:nothing': { '.': {}, 'f:theirs': {} },
            },
            'f:entries': {
              'k:{"name":"one"}': {
                '.': {},
                'f:foreign': {},
                'f:name': {},
                'f:ports': {
                  'k:{"port":443,"protocol":"TCP"}': { '.': {}, 'f:port': {} },
                  'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} },
                },
              },
              'k:{"name":"zero"}': { '.': {}, 'f:name': {}, 'f:value': {} },
            },
            'f:labels': { 'f:theirs': {} },
            'f:numbers': { 'v:3': {} },
            'f:paused': {},
            'f:strategy': { 'f:kind': {} },
            'f:tags': { 'v:"theirs"': {} },
          },
        },
        manager: 'capi',
        operation: 'Apply',
      },
      {
        fieldsV1: { 'f:status': { '.': {}, 'f:ready': {} } },
        manager: 'kubectl-patch',
        operation: 'Update',
        subresource: 'status',
      },
    ],
    name: 's',
    namespace: 'default',
    ownerReferences: [
      {
        apiVersion: 'v1',
        blockOwnerDeletion: true,
        controller: true,
        kind: 'ConfigMap',
        name: 'x',
        uid: '11111111-1111-1111-1111-111111111111',
      },
    ],
    resourceVersion: '213',
    uid: 'u',
  },
  spec: {
    anything: {
      deep: { empty: {}, list: [1, { x: 1 }], none: [], theirs: 1 },
      nothing: { theirs: 2 },
    },
    commands: ['a', 'b', 'a'],
    entries: [
      { name: 'zero', value: '0' },
      {
        foreign: 'f',
        name: 'one',
        ports: [
          { port: 443, protocol: 'TCP' },
          { host: 'h', port: 80, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
        value: '1',
      },
      { name: 'b&c' },
    ],
    labels: { mine: '1', theirs: '2' },
    note: '<none>',
    numbers: [1, 2, 3],
    paused: true,
    replicas: 1,
    selector: { app: 'x' },
    strategy: { kind: 'Rolling', surge: 1 },
    tags: ['a&b', 'plain', '<tag>', 'quote"d', 'theirs'],
  },
  status: { ready: true },
};

const APPLIED: JsonObject = {
  replicas: 1,
  note: '<none>',
  strategy: {},
  commands: ['a', 'b', 'a'],
  selector: { app: 'x' },
  tags: ['a&b', 'plain', '<tag>', 'quote"d'],
  numbers: [1, 2],
  labels: { mine: '1' },
  anything: { deep: { list: [1, { x: 1 }], empty: {}, none: [] }, nothing: {} },
  entries: [
    {
      name: 'one',
      value: '1',
      ports: [
        { port: 80, host: 'h' },
        { port: 53, protocol: 'UDP' },
      ],
    },
    { name: 'b&c' },
  ],
};

describe('appliedFields of a recorded object', () => {
  const applied = appliedFields(SAMPLE, OURS);
  const spec = applied?.['spec'] as JsonObject;

  it.each([
    { reason: 'a scalar of ours stays', field: 'replicas' },
    { reason: 'an empty map that others filled is empty again', field: 'strategy' },
    { reason: 'an atomic list is taken whole, with repeated entries', field: 'commands' },
    { reason: 'an atomic map is taken whole', field: 'selector' },
    { reason: 'a set keeps our entries, also those that Go escapes', field: 'tags' },
    { reason: 'a set of numbers keeps our entries', field: 'numbers' },
    { reason: 'a map keeps our keys', field: 'labels' },
    { reason: 'free-form content keeps our fields, and empties', field: 'anything' },
    { reason: 'keyed lists in keyed lists; a key by default is not sent', field: 'entries' },
    { reason: 'a field of another manager is left out', field: 'paused' },
  ])('$reason', ({ field }) => {
    expect(spec[field]).toEqual(APPLIED[field]);
  });

  it('is exactly what was applied', () => {
    expect(applied).toEqual({
      apiVersion: 'test.managedcluster.io/v1',
      kind: 'Sample',
      metadata: {
        name: 's',
        namespace: 'default',
        labels: { 'managedcluster.io/hold': '', 'crossplane.io/composite': 's' },
        annotations: { 'crossplane.io/composition-resource-name': 'cluster', note: 'a & b' },
        ownerReferences: SAMPLE.metadata.ownerReferences,
      },
      spec: APPLIED,
    });
  });

  it('is the other manager’s part for the other manager', () => {
    expect(appliedFields(SAMPLE, 'capi')).toMatchObject({
      metadata: { annotations: { 'managedcluster.io/owner': 'moving' } },
      spec: { paused: true, tags: ['theirs'], numbers: [3], strategy: { kind: 'Rolling' } },
    });
  });
});

describe('appliedFields', () => {
  const entry = { manager: `${OURS}abc`, operation: 'Apply', fieldsV1: { 'f:spec': {} } };

  it.each([
    { reason: 'nobody has applied it', managedFields: undefined },
    { reason: 'another manager has', managedFields: [{ ...entry, manager: 'kubectl' }] },
    { reason: 'ours only updated it', managedFields: [{ ...entry, operation: 'Update' }] },
    {
      reason: 'ours applied the status only',
      managedFields: [{ ...entry, subresource: 'status' }],
    },
  ])('is unknown when $reason', ({ managedFields }) => {
    const metadata = managedFields === undefined ? {} : { managedFields };

    expect(appliedFields({ apiVersion: 'v1', kind: 'X', metadata, spec: 1 }, OURS)).toBeUndefined();
  });

  it('leaves out a field that is owned but gone', () => {
    const fieldsV1 = { 'f:spec': { 'f:gone': {}, 'f:there': {} } };
    const metadata = { name: 'x', managedFields: [{ ...entry, fieldsV1 }] };

    expect(
      appliedFields({ apiVersion: 'v1', kind: 'X', metadata, spec: { there: 0, else: 1 } }, OURS),
    ).toEqual({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, spec: { there: 0 } });
  });
});
