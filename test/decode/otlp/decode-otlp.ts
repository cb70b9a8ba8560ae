import type { PathTree } from '../../../src/decode/index.ts';
import { createOtlpProtoDecoder, type ProtoFraming } from '../../../src/decode/otlp/index.ts';
import { RowWriter } from '../../../src/decode/row-writer.ts';
import { createDocumentReader, type DocumentKind } from '../../../src/decode/traces/index.ts';
import { type Decoded, decodeRows } from '../decode-rows.ts';

const utf8 = new TextEncoder();

export const makeProto =
  (framing: ProtoFraming, maxMessageBytes?: number) =>
  (paths: PathTree): ReturnType<typeof createOtlpProtoDecoder> =>
    createOtlpProtoDecoder(
      framing,
      paths,
      maxMessageBytes === undefined ? {} : { maxMessageBytes },
    );

export function decodeProto(bytes: Uint8Array, framing: ProtoFraming = 'bare'): Decoded {
  return decodeRows(makeProto(framing), [bytes]);
}

/** Reads one document of a kind; what is none of it gives neither rows nor rejects. */
export function decodeDocument(
  kind: DocumentKind,
  document: unknown,
  wants?: (path: readonly string[]) => boolean,
): Decoded {
  const bytes =
    document instanceof Uint8Array
      ? document
      : utf8.encode(typeof document === 'string' ? document : JSON.stringify(document));
  const make = (paths: PathTree) => {
    const out = new RowWriter(paths);
    const read = createDocumentReader(out);
    return {
      lines: 1,
      blank: 0,
      joined: 0,
      isOpen: false,
      forms: () => out.forms(),
      feed(chunk: Uint8Array, sink: Parameters<RowWriter['enter']>[0]) {
        out.enter(sink);
        out.columns.bytes = chunk;
        read(kind, chunk, 0, chunk.length, 1);
        out.flush();
      },
      end() {},
    };
  };
  return decodeRows(make, [bytes], wants);
}
