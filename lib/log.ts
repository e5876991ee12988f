import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

/** Logger is what every program is handed; `logger.child({ … })` adds keys for one pass. */
export type Logger = PinoLogger;

/** LogLevel is the lowest level that is written; `silent` writes nothing. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * A logger that writes one JSON object a line: `severity` in upper case (as the function SDK and
 * the log collectors of the clouds want it), `time` in ISO 8601, `msg`. Without a destination it
 * writes to standard output, synchronously, so that no line is lost when the process exits.
 * Messages are static; what varies goes into keys. Never hand it a credential, a Secret or a request.
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
