import base from './jest.config.js';

/** What needs a world of testbed/: started by `npm run e2e`, which sets WORLD. @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testSequencer: '<rootDir>/jest.e2e.sequencer.js',
  testTimeout: 180_000,
};
