import { describe, expect, it } from '@jest/globals';
import { appliedFields } from '../../lib/core/applied-fields.ts';
import { loadCase } from '../render/render-case.ts';
import { withManagedFields } from './managed-fields.ts';
import { STEADY, steadyCall } from './steady-call.ts';

describe('managed fields of a measured call', () => {
  const objects = STEADY.flatMap((name) => loadCase(name).input.observed);

  it.each(objects.map((object) => [object.kind, object] as const))(
    'say of %s what Crossplane applied, as an API server does',
    (_kind, object) => {
      const applied = appliedFields(
        withManagedFields(object),
        'apiextensions.crossplane.io/composed/',
      );

      expect(applied?.['spec']).toEqual(object['spec']);
      expect(applied?.metadata.labels).toEqual(object.metadata.labels);
      expect(applied).not.toHaveProperty('status');
    },
  );

  it.each(STEADY)('make %s as large as a call is', async (name) => {
    const { request } = await steadyCall(name);

    expect(request.length).toBeGreaterThan(15_000);
    expect(request.length).toBeLessThan(60_000);
  });
});
