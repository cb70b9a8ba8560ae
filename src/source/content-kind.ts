/** What the first bytes of a source say about the rest. */
export type ContentKind =
  | { readonly kind: 'plain' }
  | { readonly kind: 'gzip' }
  | { readonly kind: 'zstd' }
  /** Zstd frames, each behind its length in four bytes. */
  | { readonly kind: 'zstd-messages' }
  | { readonly kind: 'not-text'; readonly what: string; readonly hint: string };

/** Bytes that {@link contentKind} wants to see; fewer are fine. */
export const HEAD_BYTES = 16;

const UNPACK = (command: string) => `unpack it first: ${command} | scanlens -`;
const CONVERT = (from: string) => `convert it first: iconv -f ${from} -t UTF-8 FILE | scanlens -`;
const NAME_LOGS = 'give scanlens the log files themselves';

/** Signatures as their registries and format documents state them, at offset 0. */
const SIGNATURES: readonly {
  readonly bytes: readonly number[];
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    what: 'xz data',
    hint: UNPACK('xz -dc FILE'),
  },
  { bytes: [0x42, 0x5a, 0x68], what: 'bzip2 data', hint: UNPACK('bzip2 -dc FILE') },
  { bytes: [0x04, 0x22, 0x4d, 0x18], what: 'lz4 data', hint: UNPACK('lz4 -dc FILE') },
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive', hint: UNPACK('unzip -p FILE') },
  { bytes: [0x50, 0x4b, 0x05, 0x06], what: 'an empty zip archive', hint: NAME_LOGS },
  {
    bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    what: 'a 7z archive',
    hint: UNPACK('7z x -so FILE'),
  },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'a PNG image', hint: NAME_LOGS },
  { bytes: [0xff, 0xd8, 0xff], what: 'a JPEG image', hint: NAME_LOGS },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: 'a GIF image', hint: NAME_LOGS },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF document', hint: NAME_LOGS },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: 'an ELF program', hint: NAME_LOGS },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', hint: 'export it as JSON lines' },
  {
    bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66],
    what: 'an SQLite database',
    hint: 'export it as JSON lines',
  },
  { bytes: [0xff, 0xfe, 0, 0], what: 'UTF-32 text', hint: CONVERT('UTF-32') },
  { bytes: [0, 0, 0xfe, 0xff], what: 'UTF-32 text', hint: CONVERT('UTF-32') },
  { bytes: [0xff, 0xfe], what: 'UTF-16 text', hint: CONVERT('UTF-16') },
  { bytes: [0xfe, 0xff], what: 'UTF-16 text', hint: CONVERT('UTF-16') },
];

const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

function startsAt(head: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return head.length >= at + bytes.length && bytes.every((byte, i) => head[at + i] === byte);
}

/** Decided by content, never by name: a `.gz` may have been unpacked on its way, and the reverse. */
export function contentKind(head: Uint8Array): ContentKind {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' };
  if (startsAt(head, 0, ZSTD)) return { kind: 'zstd' };
  if (startsAt(head, 4, ZSTD)) return { kind: 'zstd-messages' };
  for (const { bytes, what, hint } of SIGNATURES) {
    if (startsAt(head, 0, bytes)) {
      return { kind: 'not-text', what, hint };
    }
  }
  const order = unmarkedUtf16(head);
  return order === undefined
    ? { kind: 'plain' }
    : { kind: 'not-text', what: 'UTF-16 text', hint: CONVERT(`UTF-16${order}`) };
}

/** The byte order of UTF-16 without a mark, which shows in ASCII: every other byte is zero. */
function unmarkedUtf16(head: Uint8Array): 'LE' | 'BE' | undefined {
  if (head.length < HEAD_BYTES) return undefined;
  const zeros = (from: number) => head.every((byte, at) => at % 2 !== from || byte === 0);
  const letters = (from: number) => head.every((byte, at) => at % 2 !== from || isAscii(byte));
  if (zeros(1) && letters(0)) return 'LE';
  return zeros(0) && letters(1) ? 'BE' : undefined;
}

function isAscii(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
