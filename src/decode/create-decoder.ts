import type { InputFormat } from '../model/index.ts';
import type { Decoder } from './decoder.ts';
import type { StreamForm } from './form.ts';
import { createLineDecoder, type DecoderOptions } from './line-decoder.ts';
import { createLineReader } from './line-reader.ts';
import { createOtlpProtoDecoder, type ProtoFraming } from './otlp/index.ts';
import type { PathTree } from './path-tree.ts';
import { RowWriter } from './row-writer.ts';
import { createSniffingDecoder } from './sniffing-decoder.ts';
import { createDocumentReader, documentKindOf } from './traces/index.ts';
import { createValueDecoder } from './value-decoder.ts';
import { JSON_WRAPPERS } from './wrappers/json-wrappers.ts';

/**
 * A decoder for one source. With `auto`, content tells its form: the head of a stream whether it
 * is read line by line or value by value, each line what it is itself.
 */
export function createDecoder(
  format: InputFormat,
  paths: PathTree,
  options: DecoderOptions,
): Decoder {
  if (format === 'ndjson') return createNdjsonDecoder(paths, options);
  const only = formsOf(format);
  const decoderFor = (form: StreamForm): Decoder => {
    switch (form) {
      case 'otlp-bare':
      case 'otlp-length32':
      case 'otlp-varint':
        return createOtlpProtoDecoder(framingOf(form), paths);
      case 'values':
      case 'lines': {
        // The kernel reads lines of JSON, where those are taken.
        const usesKernel = form === 'lines' && only?.has('json') !== false;
        const kernel = usesKernel ? options.kernel : undefined;
        const rows = new RowWriter(paths, kernel?.columns);
        const readDocument = createDocumentReader(rows);
        const reader = createLineReader(rows, {
          maxRecordBytes: options.maxLineBytes,
          kernel,
          ...(only === undefined ? {} : { only }),
          readDocument(bytes, start, end, line) {
            const kind = documentKindOf(bytes, start, end);
            if (kind === undefined || only?.has(kind) === false) return false;
            return readDocument(kind, bytes, start, end, line);
          },
        });
        return form === 'values'
          ? createValueDecoder(rows, reader)
          : createLineDecoder(rows, reader, { ...options, kernel });
      }
    }
  };
  if (options.form !== undefined) return decoderFor(options.form);
  const takesBinary = format === 'auto' || format === 'otlp';
  return createSniffingDecoder((form) =>
    decoderFor(takesBinary || form === 'values' ? form : 'lines'),
  );
}

const framingOf = (form: StreamForm) => form.slice('otlp-'.length) as ProtoFraming;

/** One JSON object a line, whatever the head looks like. */
export function createNdjsonDecoder(paths: PathTree, options: DecoderOptions): Decoder {
  const rows = new RowWriter(paths, options.kernel?.columns);
  const { maxLineBytes: maxRecordBytes, kernel } = options;
  const readerOptions = { maxRecordBytes, only: formsOf('ndjson')!, kernel };
  return createLineDecoder(rows, createLineReader(rows, readerOptions), options);
}

/** The outermost forms that a format lets pass; undefined for all. */
function formsOf(format: InputFormat): ReadonlySet<string> | undefined {
  if (format === 'auto') return undefined;
  if (format === 'ndjson') return new Set(['json', ...JSON_WRAPPERS.map(({ name }) => name)]);
  return new Set([format === 'otlp' ? 'otlp-json' : format]);
}
