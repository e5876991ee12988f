import { describe, expect, it } from '@jest/globals';
import { Topic } from './topic.ts';

describe('Topic', () => {
  it('calls all listeners in the order of their subscription', () => {
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
