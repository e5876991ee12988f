import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { backwards } from './backwards.ts';
import { caseIndex, readCaseIndex, writeCaseIndex } from './case-index.ts';
import { readExpected, UPDATING, writeExpected } from './expected-file.ts';
import { FLAVOURS, flavourOf, inFlavour } from './flavour.ts';
import { startFunctionServer, type FunctionServer } from './function-server.ts';
import { readableAnswer, type ReadableAnswer } from './readable-answer.ts';
import { reconcile, resourceNameOf } from './reconcile.ts';
import { loadCases, type RenderInput } from './render-case.ts';
import { schemaMistakes } from './schema-mistakes.ts';

let server: FunctionServer;

beforeAll(async () => {
  server = await startFunctionServer();
});

afterAll(async () => {
  await server.stop();
});

const CASES = loadCases().map((one) => ({ ...one, reason: one.sentence }));

async function answerTo(
  input: RenderInput,
  protocol: FunctionServer['protocols'][number] = 'v1',
): Promise<ReadableAnswer> {
  const { response } = await reconcile(server.ask(protocol), input);
  return readableAnswer(response, input.composite);
}

function reasonIn({ conditions }: ReadableAnswer): string | undefined {
  return conditions.find(({ type }) => type === 'Accepted')?.reason;
}

describe('README.md', () => {
  it('lists the cases', () => {
    if (UPDATING) writeCaseIndex(loadCases());
    expect(readCaseIndex()).toBe(caseIndex(loadCases()));
  });
});

describe.each(CASES)('$name: $reason', (one) => {
  it('is answered as expected.yaml says', async () => {
    const answer = await answerTo(one.input);
    if (UPDATING) await writeExpected(one, answer);
    expect(answer).toEqual(readExpected(one));
  });

  it('is answered the same in the older protocol', async () => {
    expect(await answerTo(one.input, 'v1beta1')).toEqual(await answerTo(one.input));
  });

  it('is answered the same in the other flavour', async () => {
    const inputs = FLAVOURS.flatMap((flavour) => inFlavour(one.input, flavour) ?? []);
    const answers = await Promise.all(inputs.map((input) => answerTo(input)));
    const own = flavourOf(one.input.composite);
    expect(answers).toHaveLength(own === undefined ? 0 : FLAVOURS.length);
    for (const answer of answers) expect(answer).toEqual(readExpected(one));
  });

  it('is answered the same twice, byte by byte', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => (await reconcile(server.ask('v1'), one.input)).response),
    );
    const bytes = RunFunctionResponse.encode(first as RunFunctionResponse).finish();
    expect(bytes).toEqual(RunFunctionResponse.encode(second as RunFunctionResponse).finish());
  });

  it('is answered the same whatever the order of keys, which Go chooses by chance', async () => {
    expect(await answerTo(backwards(one.input))).toEqual(readExpected(one));
  });

  it('asks for nothing new once it has got what it asked for', async () => {
    const { calls } = await reconcile(server.ask('v1'), one.input);
    expect(calls).toBeLessThanOrEqual(2);
  });

  it('says where each object belongs, and when to look again', async () => {
    const { composed, ttlSeconds } = await answerTo(one.input);
    const { composite } = one.input;
    for (const { object } of Object.values(composed)) {
      expect(object.metadata.namespace).toBe(composite.metadata.namespace ?? 'team-a');
      expect(object).not.toHaveProperty('status');
      expect(object['spec']).not.toHaveProperty('paused');
    }
    expect(ttlSeconds).toBeGreaterThan(0);
  });

  it('takes nothing away but templates that no Machine was made from', async () => {
    const { composed } = await answerTo(one.input);
    const there = one.input.observed.map(resourceNameOf);
    const kept = there.filter((name) => composed[name] !== undefined);
    expect(there.filter((name) => !kept.includes(name))).toEqual(
      one.name === '23-old-template-goes' ? ['control-plane-template-a680db60'] : [],
    );
  });

  it('shows objects that our own schemas let in', () => {
    const { composite, observed, required } = one.input;
    const refused = reasonIn(readExpected(one)) === 'InvalidSpec';
    const objects = [...(refused ? [] : [composite]), ...observed, ...required];
    expect(objects.flatMap((object) => schemaMistakes(object))).toEqual([]);
  });

  it('desires nothing that our own schemas do not know', async () => {
    const { composed, composite } = await answerTo(one.input);
    const { apiVersion, kind, metadata } = one.input.composite;
    const status = { apiVersion, kind, metadata, status: composite.status };
    const objects = [status, ...Object.values(composed).map(({ object }) => object)];
    expect(objects.flatMap((object) => schemaMistakes(object))).toEqual([]);
  });
});
