/**
 * The program of a reading thread: reads the parts that it is sent, and in the end gives up
 * everything, or counts what it alone has met and gives up the rest.
 */
import { parentPort, type Transferable, workerData } from 'node:worker_threads';
import { type PartReader, startLocalFlows, startReading } from '../../analysis/index.ts';
import { BrokenSource, linesInRange } from '../../source/index.ts';
import { countAll, countingOptions } from '../counting.ts';
import { loadLibrary } from '../library.ts';
import { readRequest } from '../selection.ts';
import type { Answer, Order, RangeRead, SourceRange, ThreadOptions } from './message.ts';

const port = parentPort!;
const { cwd, library: libraryOptions, reader, guard, counting } = workerData as ThreadOptions;
const library = await loadLibrary(libraryOptions, cwd);
const { rules, mappings, kernel } = library;
const options = { ...reader, ruleSet: rules.ruleSet, mappings, kernel };
const reading = startReading(options);
const local = startLocalFlows(reading, { ...options, ...(guard === undefined ? {} : { guard }) });
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
    case 'tell-ids':
      rangesRead = rangesRead.then(tellIds);
      break;
    case 'compare':
      local.compare(order.others);
      answer({ kind: 'compared' });
      break;
    case 'take-out':
      takeOut();
      break;
    case 'count':
      count(order);
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

function tellIds(): void {
  answer({ kind: 'ids', ids: local.ids(), ranges });
}

function takeOut(): void {
  local.takeOut();
  const rest = reading.pack();
  answer({ kind: 'rest', reading: rest }, [...buffersIn(rest)]);
}

function count({ facts }: Extract<Order, { kind: 'count' }>): void {
  const request = readRequest(counting!, library);
  const asked = countingOptions(request, counting!, facts.window);
  const counted = countAll(local.judged(facts), asked);
  answer({ kind: 'counted', counted });
  port.close();
}

port.on('message', take);
answer({ kind: 'ready' });

/** The memory of all columns in plain data, so that it changes hands without a copy. */
function* buffersIn(data: unknown): Generator<ArrayBuffer> {
  if (ArrayBuffer.isView(data)) {
    // Shared memory is not handed over.
    if (data.buffer instanceof ArrayBuffer) yield data.buffer;
  } else if (Array.isArray(data)) {
    // Columns stand in lists of their own; other lists are long and hold none.
    if (typeof data[0] === 'object') for (const item of data) yield* buffersIn(item);
  } else if (typeof data === 'object' && data !== null && !(data instanceof Map)) {
    for (const value of Object.values(data)) yield* buffersIn(value);
  }
}
