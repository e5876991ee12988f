export { kubeconfigSecretOf, type KubeconfigSecret } from './object-names.ts';
