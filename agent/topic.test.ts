import { describe, expect, it } from '@jest/globals';
import { Topic } from './topic.ts';

describe('Topic', () => {
  it('tells all who listen, in the order in which they began', () => {
    const topic = new Topic();
    const heard: string[] = [];
    const { publish } = topic;
    publish();
    topic.subscribe(
      () => heard.push('a'),
      () => heard.push('b'),
    );
    topic.subscribe(() => heard.push('c'));
    publish();
    publish();

    expect(heard).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });
});
