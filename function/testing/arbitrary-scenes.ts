import { type JsonObject, type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { fc } from '../../test/properties.ts';
import { CLUSTER, isClusterApi, PIVOT, templateName } from '../core/composed-names.ts';
import { MACHINES } from '../core/requirements.ts';
import { aScene, type Scene } from './scenes.ts';
import { aMachine, patched, reporting, type Report } from './objects.ts';

/** OLD_TEMPLATE is the machine template of an earlier version of the claim. */
const OLD_TEMPLATE = templateName('0ld');

/** Kinds of claims, as patches on the composite. */
const CLAIMS: Readonly<Record<string, JsonObject>> = {
  accepted: {},
  changed: { spec: { kubernetes: { version: 'v1.36.0' }, controlPlane: { replicas: 5 } } },
  'with another machine': { spec: { cloud: { docker: { preLoadImages: ['image'] } } } },
  paused: { spec: { paused: true } },
  refused: { spec: { controlPlane: { machine: { type: 'x', cpus: 2 } } } },
  'waiting for a profile': { spec: { profiles: [{ name: 'gone', version: '1.0.0' }] } },
  'waiting for keys': { spec: { ssh: { secretRef: { name: 'keys' } } } },
  misshapen: { spec: { kubernetes: { version: 1 } } },
  homeless: { metadata: { namespace: null } },
};

/** CLAIM_KINDS are the names of the kinds of claims; the first three are accepted. */
export const CLAIM_KINDS: readonly string[] = Object.keys(CLAIMS);

/** claiming returns a scene with a claim of the given kind. */
export function claiming(scene: Scene, kind: string): Scene {
  return scene.composite(CLAIMS[kind] ?? {});
}

const status = fc.constantFrom<Report>(
  'True',
  'False',
  'Unknown',
  // Cluster API writes times into messages; our messages must not contain them.
  ['False', 'Pending', 'since 2026-01-01T10:00:00Z'],
  undefined,
);

const capiConditions = fc.record({
  InfrastructureReady: status,
  ControlPlaneInitialized: status,
  RemoteConnectionProbe: status,
  Initialized: status,
  Available: status,
  MachinesUpToDate: status,
  RollingOut: status,
});

const ownConditions = fc.record({
  Ready: fc.constantFrom<Report>('True', ['False', 'Copying', '3 of 13'], undefined),
  WorkersReady: fc.constantFrom<Report>('True', 'False', 'Unknown', undefined),
});

const doors = fc.record({
  Released: fc.constantFrom<Report>('True', 'False', 'Unknown', undefined),
  Committed: fc.constantFrom<Report>('True', 'False', undefined, undefined),
});

const marks = fc.record({
  metadata: fc.constantFrom<JsonObject>(
    {},
    { annotations: { 'managedcluster.io/owner': 'moving', 'managedcluster.io/epoch': '2' } },
    { annotations: { 'managedcluster.io/owner': 'management', 'managedcluster.io/epoch': '4' } },
    { deletionTimestamp: '2026-01-01T00:00:00Z' },
    { generation: 2 },
  ),
  spec: fc.constantFrom<JsonObject>(
    {},
    { paused: true, controlPlaneEndpoint: { host: '192.0.2.9', port: 6443 } },
  ),
});

/** aStatus generates a status of the composite from earlier calls; null is a lost status. */
const aStatus = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      phase: fc.constantFrom('Provisioning', 'InstallingAgent', 'Pivoting', 'SelfManaged'),
      owner: fc.constantFrom('Management', 'Moving', 'Workload'),
      epoch: fc.integer({ min: 1, max: 5 }),
      released: fc.constant(true),
      committed: fc.constant(true),
      observed: fc.constant({ version: 'v1.34.0' }),
    },
    { requiredKeys: [] },
  ),
);

const full = aScene('Pivoting').observed.composed;
const [template] = Object.keys(full).filter((name) => name.startsWith(templateName('')));
const old = patched(full[template ?? ''] ?? aMachine(), { metadata: { name: 'demo-cp-0ld' } });
const everything: Scene['observed']['composed'] = { ...full, [OLD_TEMPLATE]: old };

/** All names of composed resources, including an old template. */
const NAMES: readonly string[] = Object.keys(everything);

/** aComposedSet generates any subset of the composed resources, in any state that other controllers can cause. */
const aComposedSet = fc
  .subarray([...NAMES])
  .chain((names) =>
    fc.record(
      Object.fromEntries(names.map((name) => [name, anObject(name, everything[name] ?? old)])),
    ),
  );

function anObject(name: string, object: KubeObject): fc.Arbitrary<KubeObject> {
  const conditions = fc.tuple(isClusterApi(name) ? capiConditions : ownConditions, doors);
  return fc.tuple(conditions, marks, fc.boolean()).map(([[reported, passed], mark, managed]) => {
    const owned = managed ? withManager(object) : object;
    const marked = name === CLUSTER ? patched(owned, mark) : owned;
    return reporting(reporting(marked, reported), name === PIVOT ? passed : {});
  });
}

/** withManager adds the managedFields that Crossplane creates, with all lists atomic. */
function withManager(object: KubeObject): KubeObject {
  const { spec, metadata } = object;
  const fieldsV1 = {
    'f:metadata': { 'f:labels': fieldsOf(metadata.labels) },
    'f:spec': fieldsOf(spec),
  };
  const manager = 'apiextensions.crossplane.io/composed/77aa';
  return {
    ...object,
    metadata: { ...metadata, managedFields: [{ manager, operation: 'Apply', fieldsV1 }] },
  };
}

function fieldsOf(value: unknown): JsonObject {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'controlPlaneEndpoint')
      .map(([key, below]) => [`f:${key}`, fieldsOf(below)]),
  );
}

const machines = fc.constantFrom<readonly KubeObject[] | undefined>(
  undefined,
  [],
  [aMachine()],
  [aMachine(), reporting(aMachine('demo-cp-2'), { Ready: 'Unknown' })],
);

/** aWorld generates any input that a call can observe for an accepted claim. */
export const aWorld: fc.Arbitrary<Scene> = fc
  .tuple(aComposedSet, aStatus, machines)
  .map(([composed, left, found]) => {
    const empty = aScene().composite({ status: left });
    const scene = found === undefined ? empty : empty.answer(MACHINES, ...found);
    return Object.entries(composed).reduce(
      (next, [name, object]) => next.with(name, object),
      scene,
    );
  });

/** statusFrom returns a scene with the composite status of another scene. */
export function statusFrom(scene: Scene, { observed }: Scene): Scene {
  const before = recordIn(observed.composite, 'status');
  const copy: JsonObject | null = before === undefined ? null : JSON.parse(JSON.stringify(before));
  return scene.composite({ status: null }).composite({ status: copy });
}
