import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { FakeApiServer } from '../../test/fake/api-server.ts';
import type { HandoverRecord } from '../core/handover/record.ts';
import { KEYS_SECRET } from '../handover/keyring.ts';
import { readRecord } from '../handover/store.ts';
import { ensureEscrow, EscrowRefusedError, readEscrow, type EscrowDeps } from './escrow.ts';

const RECORD: HandoverRecord = {
  namespace: 'team',
  name: 'demo',
  handover: 'pivot-1/2',
  epoch: 2,
  objects: [],
  known: {},
  born: {},
  escrow: 0,
};
const KEYS = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: 'crossplane-system',
  name: KEYS_SECRET,
};
const SECRET_TEXT = 'the key of the authority';

/** Each has its own idea of the keys, as a provider that has just started. */
function depsOf(server: FakeApiServer): EscrowDeps {
  const management: EscrowDeps['management'] = Object.create(server);
  for (const verb of ['get', 'list', 'create', 'patch', 'delete', 'replace'] as const) {
    Object.assign(management, { [verb]: server[verb].bind(server) });
  }
  return { management, clock: { now: () => new Date('2026-01-01T00:00:00Z') } };
}

function state(text = SECRET_TEXT): readonly KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'demo-ca', namespace: 'team', uid: 'u1' },
      data: { key: text },
    },
  ];
}

function sets(server: FakeApiServer): readonly KubeObject[] {
  return server.all('team').filter((one) => one['type'] === 'managedcluster.io/escrow');
}

async function stored(server: FakeApiServer): Promise<HandoverRecord> {
  const { record } = await readRecord(depsOf(server), { namespace: 'team', name: 'demo' });
  if (record === undefined) throw new Error('there is no record');
  return record;
}

async function written(text?: string): Promise<FakeApiServer> {
  const server = new FakeApiServer('management');
  await ensureEscrow(depsOf(server), RECORD, state(text));
  return server;
}

async function refusal(server: FakeApiServer, record?: HandoverRecord): Promise<string> {
  const read = readEscrow(depsOf(server), record ?? (await stored(server)));
  const error: unknown = await read.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(EscrowRefusedError);
  return String(error);
}

/** Puts other Secrets in the place of those of the escrow. */
async function replaceSets(server: FakeApiServer, others: readonly KubeObject[]): Promise<void> {
  for (const one of sets(server)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await server.patch(refOf(one), { metadata: { labels: { 'managedcluster.io/hold': null } } });
    // oxlint-disable-next-line no-await-in-loop -- see above
    await server.delete(refOf(one));
  }
  await Promise.all(
    others.map(({ metadata, ...one }) => {
      const { uid: _uid, resourceVersion: _version, ...rest } = metadata;
      return server.create({ ...one, metadata: rest });
    }),
  );
}

describe('the escrow', () => {
  it('cannot be read without the key', async () => {
    const server = await written();
    const text = sets(server)
      .map((one) => JSON.stringify(one))
      .join('');
    expect(text).not.toContain(SECRET_TEXT);
    expect(text).not.toContain(Buffer.from(SECRET_TEXT).toString('base64'));
    expect(text).not.toContain('H4sI');
    expect((await readEscrow(depsOf(server), await stored(server)))?.objects).toEqual(state());
  });

  it('is refused if it is forged: not encrypted', async () => {
    const server = await written();
    const plain = gzipSync(JSON.stringify(state('forged'))).toString('base64');
    const forged = sets(server).map((one) => ({ ...one, data: { 'objects.sealed': plain } }));
    await replaceSets(server, forged);
    expect(await refusal(server)).toContain('no key of the provider');
  });

  it('is refused if it is of another handover, cluster or sequence', async () => {
    const server = await written();
    const record = await stored(server);
    const others = [
      { ...record, handover: 'pivot-2/5' },
      { ...record, namespace: 'team', name: 'demo', epoch: 9, handover: 'pivot-1/9' },
    ];
    for (const other of others) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await refusal(server, other)).toContain('sealed for something else');
    }
    const renamed = sets(server).map((one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        labels: { ...one.metadata.labels, 'managedcluster.io/escrow': '7' },
      },
    }));
    await replaceSets(server, renamed);
    expect(await refusal(server)).toContain('sealed for something else');
  });

  it('is refused if it is older than the last one', async () => {
    const server = await written('old');
    const old = sets(server);
    await ensureEscrow(depsOf(server), await stored(server), state('new'));
    await replaceSets(server, old);
    expect(await refusal(server)).toContain('older than set 2');
  });

  it('is not preferred to the last one if an older one is put back beside it', async () => {
    const server = await written('old');
    const old = sets(server);
    await ensureEscrow(depsOf(server), await stored(server), state('new'));
    await replaceSets(server, [...sets(server), ...old]);
    expect((await readEscrow(depsOf(server), await stored(server)))?.objects).toEqual(state('new'));
  });

  it('has a higher sequence than the record although the last set is gone', async () => {
    const server = await written();
    await ensureEscrow(depsOf(server), await stored(server), state('new'));
    await replaceSets(server, []);
    await ensureEscrow(depsOf(server), await stored(server), state('newer'));
    expect((await stored(server)).escrow).toBe(3);
  });
});

describe('the keys', () => {
  it('are rotated: old ones open, the newest one seals at the next refresh', async () => {
    const server = await written();
    await server.patch(KEYS, { data: { 'key-2': randomBytes(32).toString('base64') } });
    expect((await readEscrow(depsOf(server), await stored(server)))?.objects).toEqual(state());
    await ensureEscrow(depsOf(server), await stored(server), state());
    await server.patch(KEYS, { data: { 'key-1': null } });
    expect((await readEscrow(depsOf(server), await stored(server)))?.objects).toEqual(state());
  });

  it('are lost: the record is refused, and says that the key is not known', async () => {
    const server = await written();
    await server.delete(KEYS);
    const found = await readRecord(depsOf(server), { namespace: 'team', name: 'demo' });
    expect(found).toMatchObject({ record: undefined, keyUnknown: true });
    expect(found.refused.join()).toContain('which is not known');
  });

  it('are made once, and a broken one is an error rather than a reason to make another', async () => {
    const server = await written();
    const before = await server.get(KEYS);
    await readRecord(depsOf(server), { namespace: 'team', name: 'demo' });
    expect(await server.get(KEYS)).toEqual(before);
    await server.patch(KEYS, { data: { 'key-2': 'c2hvcnQ=' } });
    const read = readRecord(depsOf(server), { namespace: 'team', name: 'demo' });
    const error: unknown = await read.catch((caught: unknown) => caught);
    expect(messageOf(error)).toContain('entry key-2 is not a key of 32 bytes');
  });
});

describe('the record', () => {
  it.each([
    { reason: 'a changed content', data: { 'record.json.gz': gzipSync('{}').toString('base64') } },
    { reason: 'no signature', data: { signature: null } },
  ])('is refused with $reason', async ({ data }) => {
    const server = await written();
    const [secret] = server.all('team').filter((one) => one['type'] === 'managedcluster.io/record');
    await server.patch(refOf(secret ?? { apiVersion: '', kind: '', metadata: {} }), { data });
    const found = await readRecord(depsOf(server), { namespace: 'team', name: 'demo' });
    expect(found.record).toBeUndefined();
    expect(found.refused).toHaveLength(1);
  });

  it('of another cluster is refused under the name of this one', async () => {
    const server = await written();
    const [secret] = server.all('team').filter((one) => one['type'] === 'managedcluster.io/record');
    const { uid: _uid, resourceVersion: _version, ...metadata } = secret?.metadata ?? {};
    const labels = { ...metadata.labels, 'managedcluster.io/cluster': 'victim' };
    await server.create({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'managedcluster.io/record',
      data: secret?.['data'],
      metadata: { ...metadata, name: 'victim-record', labels },
    });
    const found = await readRecord(depsOf(server), { namespace: 'team', name: 'victim' });
    expect(found.record).toBeUndefined();
  });

  it('of another composite is not read', async () => {
    const server = new FakeApiServer('management');
    await ensureEscrow(depsOf(server), { ...RECORD, composite: 'u1' }, state());
    const ref = { namespace: 'team', name: 'demo' };
    expect((await readRecord(depsOf(server), { ...ref, composite: 'u2' })).record).toBeUndefined();
    expect((await readRecord(depsOf(server), { ...ref, composite: 'u1' })).record).toBeDefined();
  });
});
