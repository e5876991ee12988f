export { cloudNamed } from '../../capi/clouds/index.ts';
