import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

/** Logger is the logger of every program; `logger.child({ … })` adds keys for one reconcile. */
export type Logger = PinoLogger;

/** LogLevel is the lowest level that is written; `silent` disables logging. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * Creates a logger that writes one JSON object per line: `severity` in upper case (as the function SDK and
 * the log collectors of cloud providers expect), `time` in ISO 8601, `msg`. Without a destination it writes
 * to standard output, synchronously, so that no line is lost when the process exits. Messages are static;
 * variable content goes into keys. Never pass it a credential, a Secret or a request.
 */
export function createLogger(level: LogLevel, destination: DestinationStream = stdout()): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ severity: label.toUpperCase() }) },
    },
    destination,
  );
}

function stdout(): DestinationStream {
  return pino.destination({ dest: 1, sync: true });
}
