import base from './jest.config.js';

/** What needs real nodes: started by `npm run e2e:real`, which sets REAL_WORLD. @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/test/e2e-real/**/*.real.ts'],
  testTimeout: 900_000,
  // What comes after builds on the cluster that the first test has made.
  bail: 1,
};
