import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { readEvents, type ReadLines } from './audit-event.ts';

/** Bytes that are read at once: a string of JavaScript can't hold a whole log. */
const PIECE = 16 * 1024 * 1024;

const LINE_END = 0x0a;

/** AuditLog reads what an audit log, which grows all the time, has new. */
export class AuditLog {
  readonly #file: string;
  #offset = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Calls back with each piece of whole lines that were not read before; a half line waits.
   *
   * @throws Error when the log has been rotated: an oracle that does not see all must not judge
   */
  readNew(take: (lines: ReadLines) => void): void {
    if (!existsSync(this.#file)) return;
    const file = openSync(this.#file, 'r');
    try {
      for (let piece = this.#next(file); piece !== undefined; piece = this.#next(file)) {
        take(readEvents(piece));
      }
    } finally {
      closeSync(file);
    }
  }

  #next(file: number): string | undefined {
    const rest = statSync(this.#file).size - this.#offset;
    if (rest < 0) throw new Error(`${this.#file} was rotated: raise --audit-log-maxsize`);
    if (rest === 0) return undefined;
    const buffer = Buffer.alloc(Math.min(rest, PIECE));
    const length = readSync(file, buffer, 0, buffer.length, this.#offset);
    const end = buffer.lastIndexOf(LINE_END, length - 1) + 1;
    if (end === 0) return undefined;
    this.#offset += end;
    return buffer.toString('utf8', 0, end);
  }
}
