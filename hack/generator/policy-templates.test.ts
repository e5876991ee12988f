import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { filledIn, policyFor } from './policy-templates.ts';

describe('policy templates', () => {
  it('have the names of our annotations, and the side', () => {
    expect(filledIn("'$OWNER' on $SIDE; '^[0-9]{1,18}$'", 'workload')).toBe(
      "'managedcluster.io/owner' on workload; '^[0-9]{1,18}$'",
    );
  });

  it('have no other placeholders', () => {
    expect(() => filledIn('$OTHER', 'management')).toThrow('unknown placeholder $OTHER');
  });

  it.each(readdirSync('hack/generator/policies'))('%s is all written out', (file) => {
    const name = file.replace('.yaml', '') as Parameters<typeof policyFor>[0];
    const policy = policyFor(name, 'management');

    expect(policy.name).toBe(`${name}.managedcluster.io`);
    expect(JSON.stringify(policy)).not.toMatch(/\$[A-Z]|\\n/);
  });
});
