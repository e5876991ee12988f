import { describe, expect, it } from '@jest/globals';
import { packagesOptions } from './arguments.ts';

function read(...args: readonly string[]) {
  return packagesOptions(args, '0.1.0');
}

describe('the command line of packages', () => {
  it('takes a folder of images, and the version of the product', () => {
    expect(read('--images', 'tars')).toEqual({
      out: 'dist/packages',
      images: 'tars',
      version: '0.1.0',
    });
  });

  it('takes a version with or without a v', () => {
    expect(read('--without-runtime', '--version', 'v1.2.3-rc.1').version).toBe('1.2.3-rc.1');
  });

  it.each<[readonly string[], RegExp]>([
    [[], /need the images of their programs/],
    [['--images', 'tars', '--without-runtime'], /contradict/],
    [['--without-runtime', '--version', 'latest'], /latest is not a version/],
    [['--without-runtime', '--version', '1.2'], /1.2 is not a version/],
    [['--push'], /--push.*usage/s],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
