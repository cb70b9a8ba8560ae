/** The program of a reading thread: reads the parts that it is sent, and gives up all at the end. */
import { parentPort, type Transferable, workerData } from 'node:worker_threads';
import { type PartReader, startReading } from '../../analysis/index.ts';
import { loadLibrary } from '../library.ts';
import type { Answer, Order, ThreadOptions } from './message.ts';

const port = parentPort!;
const { cwd, library, reader } = workerData as ThreadOptions;
const { rules, mappings, kernel } = await loadLibrary(library, cwd);
const reading = startReading({ ...reader, ruleSet: rules.ruleSet, mappings, kernel });
let open: PartReader | undefined;

const answer = (message: Answer, transferred: Transferable[] = []): void =>
  port.postMessage(message, transferred);

port.on('message', (order: Order) => {
  if (order.kind === 'finish') {
    const packed = reading.pack();
    answer({ kind: 'finished', reading: packed }, [...buffersIn(packed)]);
    port.close();
    return;
  }
  const { part, buffer, length, isLast } = order;
  open ??= reading.part(part);
  open.chunk(new Uint8Array(buffer, 0, length));
  if (isLast) {
    open.end();
    open = undefined;
  }
  answer({ kind: 'read', buffer });
});

answer({ kind: 'ready' });

/** The memory of all columns in plain data, so that it changes hands without a copy. */
function* buffersIn(data: unknown): Generator<ArrayBuffer> {
  if (data instanceof Uint32Array) yield data.buffer as ArrayBuffer;
  else if (Array.isArray(data)) {
    // Columns stand in lists of their own; other lists are long and hold none.
    if (typeof data[0] === 'object') for (const item of data) yield* buffersIn(item);
  } else if (typeof data === 'object' && data !== null && !(data instanceof Map)) {
    for (const value of Object.values(data)) yield* buffersIn(value);
  }
}
