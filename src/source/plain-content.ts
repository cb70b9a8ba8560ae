import { InputError } from '../model/index.ts';
import { contentKind, HEAD_BYTES } from './content-kind.ts';
import { gunzip } from './gunzip.ts';
import { unzstd, unzstdMessages } from './unzstd.ts';

/** Unpacks what is packed and passes on what is not; refuses what is evidently no text. */
export async function* plainContent(
  stored: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const iterator = stored[Symbol.asyncIterator]();
  try {
    let head: Uint8Array = new Uint8Array(0);
    let ended = false;
    while (head.length < HEAD_BYTES && !ended) {
      const next = await iterator.next();
      if (next.done) ended = true;
      else if (head.length === 0 && next.value.length >= HEAD_BYTES) head = next.value;
      else head = joined(head, next.value);
    }
    const all = resumed(head, iterator, ended);
    const content = contentKind(head);
    if (content.kind === 'not-text') throw notText(name, content);
    yield* unpacked(content.kind, all);
  } finally {
    await iterator.return?.();
  }
}

function unpacked(
  kind: 'plain' | 'gzip' | 'zstd' | 'zstd-messages',
  stored: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  switch (kind) {
    case 'plain':
      return stored;
    case 'gzip':
      return gunzip(stored);
    case 'zstd':
      return unzstd(stored);
    case 'zstd-messages':
      return unzstdMessages(stored);
  }
}

export function notText(name: string, content: { what: string; hint: string }): InputError {
  return new InputError('not-text', {
    message: `this is ${content.what}, not a log`,
    at: name,
    hint: content.hint,
    exitCode: 3,
  });
}

async function* resumed(
  head: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
  ended: boolean,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  while (!ended) {
    const next = await iterator.next();
    if (next.done) return;
    yield next.value;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
