/** The program of a reading thread: reads the parts that it is sent, and gives up all at the end. */
import { parentPort, type Transferable, workerData } from 'node:worker_threads';
import { type PartReader, startReading } from '../../analysis/index.ts';
import { BrokenSource, linesInRange } from '../../source/index.ts';
import { loadLibrary } from '../library.ts';
import type { Answer, Order, RangeRead, SourceRange, ThreadOptions } from './message.ts';

const port = parentPort!;
const { cwd, library, reader } = workerData as ThreadOptions;
const { rules, mappings, kernel } = await loadLibrary(library, cwd);
const reading = startReading({ ...reader, ruleSet: rules.ruleSet, mappings, kernel });
let openPart: PartReader | undefined;
const ranges: RangeRead[] = [];
/** Settles when the ranges that were sent so far are read. */
let rangesRead = Promise.resolve();

const answer = (message: Answer, transferred: Transferable[] = []): void =>
  port.postMessage(message, transferred);

function take(order: Order): void {
  switch (order.kind) {
    case 'chunk':
      readChunk(order);
      break;
    case 'range':
      rangesRead = rangesRead.then(() => readRange(order));
      break;
    case 'finish':
      rangesRead = rangesRead.then(finish);
      break;
  }
}

function readChunk({ part, buffer, length, isLast }: Extract<Order, { kind: 'chunk' }>): void {
  openPart ??= reading.part(part);
  openPart.chunk(new Uint8Array(buffer, 0, length));
  if (isLast) {
    openPart.end();
    openPart = undefined;
  }
  answer({ kind: 'read', buffer });
}

async function readRange({ source, name, range }: SourceRange): Promise<void> {
  const part = reading.part({ source, name, linesBefore: 0, form: 'lines' });
  const onRead = (bytes: number): void => answer({ kind: 'progress', bytes });
  try {
    for await (const chunk of linesInRange(range, onRead)) part.chunk(chunk);
    ranges[source] = part.end();
  } catch (error) {
    if (!(error instanceof BrokenSource)) throw error;
  }
}

function finish(): void {
  const packed = reading.pack();
  answer({ kind: 'finished', reading: packed, ranges }, [...buffersIn(packed)]);
  port.close();
}

port.on('message', take);
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
