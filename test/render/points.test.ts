import { describe, expect, it } from '@jest/globals';
import { readExpected } from './expected-file.ts';
import type { ReadableAnswer } from './readable-answer.ts';
import { loadCase } from './render-case.ts';

function answerOf(name: string): ReadableAnswer {
  return readExpected(loadCase(name));
}

function condition({ conditions }: ReadableAnswer, wanted: string): unknown {
  const found = conditions.find(({ type }) => type === wanted);
  return { status: found?.status, reason: found?.reason };
}

const CLUSTER_API = [
  'cluster',
  'control-plane',
  'control-plane-template-2c0255c7',
  'infrastructure-cluster',
];
const AGENT = ['agent-installation', 'cluster-plan'];

/** UPDATE_EXPECTED rewrites whatever it finds. These are the points that it must not rewrite. */
describe('the point of a case', () => {
  it.each([
    { name: '01-new-claim', composed: CLUSTER_API },
    { name: '06-g1-open', composed: [...CLUSTER_API, ...AGENT] },
    { name: '09-moving', composed: [...CLUSTER_API, ...AGENT, 'pivot'] },
    { name: '10-released', composed: [...AGENT, 'pivot'] },
    { name: '11-committed', composed: [...AGENT, 'pivot'] },
    { name: '12-unreleased', composed: ['control-plane', ...AGENT, 'pivot'] },
    { name: '15-pivot-aborted', composed: [...CLUSTER_API, ...AGENT, 'pivot'] },
    { name: '16-missing-profile', composed: [...CLUSTER_API, ...AGENT] },
    { name: '17-unknown-profile-version', composed: [] },
    { name: '18-wrong-variables', composed: [] },
    { name: '19-name-taken', composed: [] },
    { name: '25-ssh-secret-missing', composed: [] },
    { name: '27-no-namespace', composed: [] },
  ])('$name composes what it says', ({ name, composed }) => {
    expect(Object.keys(answerOf(name).composed).toSorted()).toEqual(composed.toSorted());
  });

  it.each([
    { name: '05-waiting-for-g1', type: 'ControlPlaneInitialized', status: 'False' },
    { name: '06-g1-open', type: 'ControlPlaneInitialized', status: 'True' },
    { name: '07-waiting-for-g2', type: 'AgentInstalled', status: 'False' },
    { name: '08-g2-open', type: 'AgentInstalled', status: 'True' },
    { name: '09-moving', type: 'Pivoted', status: 'False' },
    { name: '11-committed', type: 'Pivoted', status: 'True' },
    { name: '12-unreleased', type: 'Pivoted', status: 'False', reason: 'ReleaseIncomplete' },
    { name: '13-operational', type: 'Operational', status: 'True' },
    { name: '14-agent-silent', type: 'AgentConnected', status: 'Unknown' },
    { name: '16-missing-profile', type: 'Accepted', status: 'False', reason: 'ProfileNotFound' },
    { name: '30-agent-revoked', type: 'AgentConnected', status: 'False', reason: 'AgentRevoked' },
    { name: '18-wrong-variables', type: 'Accepted', status: 'False', reason: 'InvalidVariables' },
    { name: '19-name-taken', type: 'Accepted', status: 'False', reason: 'NameTaken' },
    { name: '20-accepted-again', type: 'Accepted', status: 'True' },
    { name: '26-misshapen', type: 'Accepted', status: 'False', reason: 'InvalidSpec' },
    {
      name: '28-name-taken-handed-over',
      type: 'Accepted',
      status: 'False',
      reason: 'NameTaken',
    },
  ])('$name says that $type is $status', ({ name, type, ...wanted }) => {
    expect(condition(answerOf(name), type)).toMatchObject(wanted);
  });

  it.each([
    { name: '09-moving', marks: { owner: 'Moving', epoch: 2 } },
    { name: '10-released', marks: { phase: 'Pivoting', owner: 'Moving', released: true } },
    { name: '11-committed', marks: { phase: 'SelfManaged', owner: 'Workload', committed: true } },
    { name: '15-pivot-aborted', marks: { phase: 'Pivoting', owner: 'Management', epoch: 3 } },
  ])('$name remembers who owns the cluster', ({ name, marks }) => {
    expect(answerOf(name).composite.status).toMatchObject(marks);
  });

  it('15-pivot-aborted forgets that the objects were released', () => {
    expect(answerOf('15-pivot-aborted').composite.status).not.toHaveProperty('released');
  });

  it.each([
    { name: '09-moving', plan: 'v1.35.5', controlPlane: 'v1.35.4' },
    { name: '15-pivot-aborted', plan: 'v1.35.5', controlPlane: 'v1.35.5' },
  ])('$name takes a new version where it says', ({ name, plan, controlPlane }) => {
    const { composed } = answerOf(name);
    expect(composed['cluster-plan']?.object).toHaveProperty(
      'spec.cluster.kubernetes.version',
      plan,
    );
    expect(composed['control-plane']?.object).toHaveProperty('spec.version', controlPlane);
  });

  it('18-wrong-variables does not repeat the secret that stands in the claim', () => {
    expect(JSON.stringify(loadCase('18-wrong-variables').input)).toContain('hunter2');
    expect(JSON.stringify(answerOf('18-wrong-variables'))).not.toContain('hunter2');
  });

  it('21-paused pauses the plan and leaves the Cluster API objects alone', () => {
    const { composed } = answerOf('21-paused');
    expect(composed['cluster-plan']?.object).toHaveProperty('spec.cluster.paused', true);
    expect(composed['cluster']?.object).not.toHaveProperty('spec.paused');
  });

  it('22-changed-template has both templates, 23-old-template-goes only the new one', () => {
    const [both, one] = ['22-changed-template', '23-old-template-goes'].map((name) =>
      Object.keys(answerOf(name).composed).filter((key) => key.includes('template')),
    );
    expect(both).toHaveLength(2);
    expect(one).toHaveLength(1);
  });
});
