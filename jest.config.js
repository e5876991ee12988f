/** Everything that needs Node only; what needs a world of testbed/ is in jest.e2e.config.js. @type {import('jest').Config} */
export default {
  // Only a test that hangs fails by time: two busy cores are no reason.
  testTimeout: 60_000,
  testEnvironment: 'node',
  showSeed: true,
  // Jest leaves a core to a watching developer; on two cores that would be one file after the other.
  maxWorkers: '100%',
  // On a busy machine a worker takes longer to end than the half second after which jest suspects a leak.
  workerGracefulExitTimeout: 5000,
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
};
