/** RealFile describes a world of real nodes for tests, which are separate processes. */
export interface RealFile {
  /** Of the world; kubeconfigs are written there. */
  readonly folder: string;
  readonly kubectl: string;
  /** Of the engine, such as `unix:///…/docker.sock`. */
  readonly docker: string;
  /** Path of its socket on the machine. */
  readonly socket: string;
  /** Path of the program that spoils a link. */
  readonly slowLink: string;
  /** Kubeconfig of an administrator of the management side. */
  readonly management: string;
}
