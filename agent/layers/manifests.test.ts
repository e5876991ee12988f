import { describe, expect, it } from '@jest/globals';
import { objectsIn } from './manifests.ts';

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

describe('objectsIn', () => {
  it('reads documents and lists, and passes over empty ones', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: b}}\n';
    const objects = objectsIn(`---\n${MAP}---\n# nothing\n---\n${list}`, {});
    expect(objects.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Secret']);
  });

  it('puts secrets in as values, whatever they contain', () => {
    const evil = '"}\n---\nkind: ClusterRoleBinding # ';
    const [object, ...more] = objectsIn(`${MAP}data: {p: '\${pw}', q: '\${shell}'}\n`, {
      pw: evil,
    });
    expect(object?.['data']).toEqual({ p: evil, q: '${shell}' });
    expect(more).toEqual([]);
  });

  it.each([
    { reason: 'broken YAML', text: `${MAP}data: {p: "s3cret\n`, want: 'cannot read document 1' },
    { reason: 'no object', text: 'just: text', want: 'cannot read object 1' },
    { reason: 'a text', text: 's3cret', want: 'cannot read object 1' },
  ])('says what is wrong without repeating it: $reason', ({ text, want }) => {
    expect(() => objectsIn(text, {})).toThrow(want);
    expect(() => objectsIn(text, {})).not.toThrow('s3cret');
  });
});
