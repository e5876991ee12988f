/** StatusBody holds the fields of `metav1.Status` that a server sends with an error. */
export interface StatusBody {
  readonly kind?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly group?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/** StatusError is an answer of the API server with an error status. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  /** The HTTP status code, such as 409. */
  readonly code: number;
  /** `metav1.StatusReason`, such as `AlreadyExists`; empty when the answer was no `Status`. */
  readonly reason: string;
  /** What the server sent; empty when the answer was no `Status`. */
  readonly status: StatusBody;

  /** What is no Status is not quoted: whoever chose the server must not read others' pages by our errors. */
  constructor(request: string, code: number, status: StatusBody) {
    const said = status.message ?? 'the answer is not a Kubernetes Status';
    super(`${said} (${request}: ${[code, status.reason].filter(Boolean).join(' ')})`);
    this.code = code;
    this.reason = status.reason ?? '';
    this.status = status;
  }
}

/** UnreachableError says that no (complete) answer came: refused, cut off, not trusted or too late. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** NoMatchError says that the API server doesn't serve a kind (yet): its CRD is not there. */
export class NoMatchError extends Error {
  override readonly name = 'NoMatchError';
  readonly apiVersion: string;
  readonly kind: string;

  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind ${kind} in ${apiVersion}: install its CRD, or check the spelling`);
    this.apiVersion = apiVersion;
    this.kind = kind;
  }
}

/** Whether the error, or one that caused it, is an answer with this HTTP status code. */
export function hasStatus(error: unknown, code: number): boolean {
  return inCauses(error, (cause) => cause instanceof StatusError && cause.code === code);
}

/** Whether a write lost against another (409): read again and decide anew. */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409);
}

/** Whether the object (or the namespace it belongs in) is not there (404). */
export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** Whether the kind is not served (yet). */
export function isNoMatch(error: unknown): boolean {
  return inCauses(error, (cause) => cause instanceof NoMatchError);
}

/**
 * Whether the answer is the plain 404 of a path that isn't served at all. Of an object that isn't
 * there kube-apiserver says so in a `Status`.
 */
export function isUnserved(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404 && error.status.kind === undefined;
}

/** Whether the API server could not be reached: nothing is known of what became of a write. */
export function isUnreachable(error: unknown): boolean {
  return inCauses(error, (cause) => cause instanceof UnreachableError);
}

function inCauses(error: unknown, wanted: (cause: unknown) => boolean): boolean {
  if (wanted(error)) return true;
  return error instanceof Error && error.cause !== undefined && inCauses(error.cause, wanted);
}
