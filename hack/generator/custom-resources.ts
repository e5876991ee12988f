import { GROUP, VERSION } from '../../lib/apis/kinds.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';
import type { Column } from './columns.ts';

/** OwnKind is one of our kinds, with everything that its definition needs. */
export interface OwnKind {
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  readonly shortName: string;
  readonly categories: readonly string[];
  readonly columns: readonly Column[];
  /** Absent for kinds that only report. */
  readonly spec?: Schema;
  /** Absent for kinds without a status. */
  readonly status?: Schema;
}

/** plural is the resource name of a kind, for all our kinds and those of CAPI. */
export function plural(kind: string): string {
  const name = kind.toLowerCase();
  return (name.endsWith('s') ? `${name}es` : `${name}s`).replace(/ys$/, 'ies');
}

/** customResourceDefinition is the CRD of one of our kinds. */
export function customResourceDefinition(own: OwnKind): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural(own.kind)}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: own.scope,
      names: {
        kind: own.kind,
        listKind: `${own.kind}List`,
        plural: plural(own.kind),
        singular: own.kind.toLowerCase(),
        shortNames: [own.shortName],
        categories: own.categories,
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          ...(own.status === undefined ? {} : { subresources: { status: {} } }),
          additionalPrinterColumns: own.columns,
          schema: { openAPIV3Schema: withMetadata(own) },
        },
      ],
    },
  };
}

function withMetadata({ description, spec, status }: OwnKind): object {
  return {
    description,
    type: 'object',
    ...(spec === undefined ? {} : { required: ['spec'] }),
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      ...(spec === undefined ? {} : { spec }),
      ...(status === undefined ? {} : { status }),
    },
  };
}
