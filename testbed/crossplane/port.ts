import { connect } from 'node:net';

/** Whether something listens on a TCP port. */
export function portAnswers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    function answer(open: boolean): void {
      socket.destroy();
      resolve(open);
    }
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}
