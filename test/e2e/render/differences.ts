import { isRecord } from '../../../lib/core/object.ts';

/** What is different between two values, each as `path: expected …, is …`. */
export function differences(expected: unknown, actual: unknown, path = ''): readonly string[] {
  if (isRecord(expected) && isRecord(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].toSorted();
    return keys.flatMap((key) => differences(expected[key], actual[key], `${path}.${key}`));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((entry, index) =>
      differences(entry, actual[index], `${path}[${index}]`),
    );
  }
  const [wanted, is] = [expected, actual].map((value) => JSON.stringify(value) ?? 'nothing');
  return wanted === is ? [] : [`${path.slice(1)}: expected ${wanted}, is ${is}`];
}
