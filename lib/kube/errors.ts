import { cutText } from '../core/reported.ts';

/** StatusBody holds the fields of `metav1.Status` in an error response. */
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

/** StatusError is a response of the API server with an error status. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  /** The HTTP status code, such as 409. */
  readonly code: number;
  /** `metav1.StatusReason`, such as `AlreadyExists`; empty if the response was not a `Status`. */
  readonly reason: string;
  /** The Status that the server sent; empty if the response was not a `Status`. */
  readonly status: StatusBody;

  /**
   * A response that is not a Status is not quoted: a user who can choose the server must not be able to
   * read other pages through our errors.
   */
  constructor(request: string, code: number, status: StatusBody) {
    const said = saidIn(status);
    super(`${said} (${request}: ${[code, status.reason].filter(Boolean).join(' ')})`);
    this.code = code;
    this.reason = status.reason ?? '';
    this.status = status;
  }
}

/** Characters of a message of the server that an error quotes: the message ends up in a condition. */
const MOST_SAID = 2000;

function saidIn({ message }: StatusBody): string {
  return message === undefined
    ? 'the answer is not a Kubernetes Status'
    : cutText(message, MOST_SAID);
}

/**
 * UnreachableError says that no (complete) response arrived: connection refused, interrupted, not trusted
 * or timed out.
 */
export class UnreachableError extends Error {
  override readonly name: string = 'UnreachableError';
}

/** NoMatchError says that the API server does not serve a kind (yet): its CRD is not installed. */
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

/** Whether the error or one of its causes is a response with this HTTP status code. */
export function hasStatus(error: unknown, code: number): boolean {
  return inCauses(error, (cause) => cause instanceof StatusError && cause.code === code);
}

/** Whether a write failed because of a concurrent one (409): read again and decide again. */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409);
}

/** Whether the object (or its namespace) does not exist (404). */
export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** Whether the kind is not served (yet). */
export function isNoMatch(error: unknown): boolean {
  return inCauses(error, (cause) => cause instanceof NoMatchError);
}

/**
 * Whether the response is the plain 404 of a path that is not served. For an object that does not exist
 * kube-apiserver returns a `Status`.
 */
export function isUnserved(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404 && error.status.kind === undefined;
}

/** Whether the API server could not be reached: the result of a write is then unknown. */
export function isUnreachable(error: unknown): boolean {
  return inCauses(error, (cause) => cause instanceof UnreachableError);
}

function inCauses(error: unknown, wanted: (cause: unknown) => boolean): boolean {
  if (wanted(error)) return true;
  return error instanceof Error && error.cause !== undefined && inCauses(error.cause, wanted);
}
