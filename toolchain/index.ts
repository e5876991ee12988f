/**
 * The entry point of the toolchain: paths of third-party programs at pinned versions ({@link ensureBinaries}),
 * the cache for these and other slow work, and helpers to run commands and to wait.
 */
export {
  cacheKey,
  cacheRoot,
  prune,
  removeLeftovers,
  temporaryName,
  touch,
  writeWhole,
} from './cache.ts';
export { ensureBinaries } from './ensure-binaries.ts';
export { requiredVersion } from './go-mod.ts';
export { withLock } from './lock.ts';
export { modulePath, pinnedModulePath } from './module-path.ts';
export { inParallel, runCommand } from './run-command.ts';
export { BINARIES, type BinaryName, REAL_BINARIES, WORLD_BINARIES } from './table.ts';
export { waitFor } from './wait.ts';
export { wrapperModule } from './wrapper-module.ts';
