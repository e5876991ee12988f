/** VERSION is the version of the agent; package.json has the same. */
export const VERSION = '0.1.0';
