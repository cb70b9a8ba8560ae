import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { BrokenSource } from './source.ts';
import { type FramePiece, zstdFrames } from './zstd-frames.ts';

/** Unpacks zstd as it comes in; see {@link unzstd}. */
export type Unzstd = (stored: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/**
 * Unpacks zstd as it comes in: with what Node brings where it does, else with the `zstd` program,
 * else, several times slower, in JavaScript. Frames written one after another are one text.
 * @throws BrokenSource `truncated` or `corrupt-zstd`, with what was good before given out.
 */
export async function* unzstd(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* (await fastestUnzstd())(stored);
}

let fastest: Promise<Unzstd> | undefined;

function fastestUnzstd(): Promise<Unzstd> {
  fastest ??= (async () => {
    if (nativeDecoder() !== undefined) return unzstdByNode;
    const program = await findProgram('zstd');
    return program === undefined ? unzstdInJavaScript : (all) => unzstdByProgram(all, program);
  })();
  return fastest;
}

/** In Node since 22.15. */
export function nativeDecoder(): (() => Transform) | undefined {
  return (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;
}

/** Where a program stands that may be run; undefined where it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await access(path, constants.X_OK).then(yes, no))) return path;
  }
  return undefined;
}

const yes = () => true;
const no = () => false;

/** A frame that has begun: takes its bytes, gives what they unpack to. */
interface FrameDecoder {
  push(piece: FramePiece): Promise<readonly Uint8Array[]>;
  stop(): void;
}

async function* byFrames(
  stored: AsyncIterable<Uint8Array>,
  begin: () => FrameDecoder | Promise<FrameDecoder>,
): AsyncGenerator<Uint8Array> {
  let frame: FrameDecoder | undefined;
  try {
    for await (const piece of zstdFrames(stored)) {
      frame ??= await begin();
      yield* await frame.push(piece);
      if (piece.endsFrame) frame = undefined;
    }
  } finally {
    frame?.stop();
  }
}

export const unzstdByNode: Unzstd = (stored) =>
  byFrames(stored, () => {
    const decoder = nativeDecoder()!();
    let ready: Uint8Array[] = [];
    let failure: Error | undefined;
    decoder.on('data', (chunk: Uint8Array) => ready.push(chunk));
    decoder.on('error', (error) => {
      failure = error;
    });
    const closed = new Promise<void>((resolve) => decoder.once('close', resolve));
    return {
      async push({ bytes, endsFrame }) {
        const written = new Promise<void>((resolve) => {
          decoder.write(bytes, () => resolve());
        });
        await Promise.race([written, closed]);
        if (endsFrame && failure === undefined) {
          decoder.end();
          await closed;
        }
        if (failure !== undefined && ready.length === 0) throw corrupt(failure.message);
        const given = ready;
        ready = [];
        return given;
      },
      stop: () => decoder.destroy(),
    };
  });

/** Takes checksums as read: a flipped bit inside a block may go unseen. */
export const unzstdInJavaScript: Unzstd = (stored) =>
  byFrames(stored, async () => {
    const { Decompress } = await import('fzstd');
    let ready: Uint8Array[] = [];
    const decoder = new Decompress((chunk) => ready.push(chunk));
    return {
      async push({ bytes, endsFrame }) {
        try {
          // It keeps what it is given, and the chunk's buffer is used again.
          decoder.push(bytes.slice(), endsFrame);
        } catch (error) {
          throw corrupt((error as Error).message);
        }
        const given = ready;
        ready = [];
        return given;
      },
      stop: () => undefined,
    };
  });

/** @param program path of the `zstd` program */
export async function* unzstdByProgram(
  stored: AsyncIterable<Uint8Array>,
  program: string,
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, ['-dcq'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let words = '';
  child.stderr.on('data', (text) => {
    words = `${words}${text}`.slice(0, 500);
  });
  // That the program no longer reads is told by how it ends.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close') as Promise<[number | null]>;
  ended.catch(() => undefined);
  let broken: unknown;
  const fed = (async () => {
    try {
      for await (const chunk of stored) {
        // The chunk's buffer is used again: it must be gone before the next one is asked for.
        await new Promise<void>((resolve) => child.stdin.write(chunk, () => resolve()));
        if (child.stdin.destroyed) break;
      }
    } catch (error) {
      broken = error;
    }
    child.stdin.end();
  })();
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    const [code] = await ended;
    await fed;
    if (broken !== undefined) throw broken;
    if (code === 0) return;
    if (/premature|unexpected end|truncat/i.test(words)) throw cutOff();
    throw corrupt('the zstd program refuses it');
  } finally {
    child.kill();
  }
}

/** A message of the Collector is no larger. */
const MAX_MESSAGE_BYTES = 64 << 20;

/**
 * Unpacks what the Collector's file exporter writes with `compression: zstd`: before each message,
 * a frame of its own, stands its length in four bytes, the highest first. Messages that are JSON
 * are given out as lines, others with the length of their plain bytes before them.
 */
export async function* unzstdMessages(
  stored: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  for await (const packed of messagesOf(stored)) {
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      const decoder = new Decompress((chunk) => {
        length += chunk.length;
        if (length > MAX_MESSAGE_BYTES) throw new Error('a message is too large');
        parts.push(chunk);
      });
      decoder.push(packed, true);
    } catch (error) {
      throw corrupt((error as Error).message);
    }
    const isJson = parts.find((part) => part.length > 0)?.[0] === 0x7b;
    if (!isJson) yield lengthBefore(length);
    yield* parts;
    if (isJson) yield NEWLINE;
  }
}

async function* messagesOf(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of stored) {
    const all = Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + 4 <= all.length) {
      const length = all.readUInt32BE(at);
      if (length > MAX_MESSAGE_BYTES) throw corrupt('a message is too large');
      if (at + 4 + length > all.length) break;
      yield all.subarray(at + 4, at + 4 + length);
      at += 4 + length;
    }
    rest = all.subarray(at);
  }
  if (rest.length > 0) throw cutOff();
}

const NEWLINE = Uint8Array.of(0x0a);

function lengthBefore(length: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

const cutOff = () => new BrokenSource('truncated', 'the zstd data stops before its end');
const corrupt = (words: string) =>
  new BrokenSource('corrupt-zstd', `the zstd data is corrupt (${words})`);
