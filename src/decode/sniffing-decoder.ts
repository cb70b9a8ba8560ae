import type { Decoder } from './decoder.ts';
import { formOf, type StreamForm } from './form.ts';

/** Keeps the head of a stream until it tells the form, then reads on with the decoder for it. */
export function createSniffingDecoder(decoderFor: (form: StreamForm) => Decoder): Decoder {
  let decoder: Decoder | undefined;
  let head: Uint8Array = new Uint8Array(0);

  return {
    get lines() {
      return decoder?.lines ?? 0;
    },
    get blank() {
      return decoder?.blank ?? 0;
    },
    get joined() {
      return decoder?.joined ?? 0;
    },
    get isOpen() {
      return decoder?.isOpen ?? true;
    },
    forms: () => decoder?.forms() ?? {},
    feed(chunk, sink) {
      if (decoder === undefined) {
        head = head.length === 0 ? chunk : joined(head, chunk);
        const form = formOf(head, false);
        if (form === undefined) {
          // The chunk's buffer is not ours.
          if (head === chunk) head = chunk.slice();
          return;
        }
        decoder = decoderFor(form);
        decoder.feed(head, sink);
        head = new Uint8Array(0);
      } else {
        decoder.feed(chunk, sink);
      }
    },
    end(sink) {
      if (decoder === undefined) {
        decoder = decoderFor(formOf(head, true) ?? 'lines');
        decoder.feed(head, sink);
      }
      decoder.end(sink);
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
