import { scryptSync } from 'node:crypto';
import process from 'node:process';

/**
 * Loaded into a process before the service: on a message it hashes passwords on the event loop, as
 * a library without an asynchronous call does, for as long as it is told.
 */
process.on('message', (message: { blockMs?: number }) => {
  const until = performance.now() + (message.blockMs ?? 0);
  while (performance.now() < until) scryptSync('password', 'salt', 32, { N: 2 ** 14 });
});
process.channel?.unref();
