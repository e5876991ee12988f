export { covers } from '../../../lib/core/subset.ts';
