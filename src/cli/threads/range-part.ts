import type { PartReader } from '../../analysis/index.ts';
import { type Kernel, orderFreeLines } from '../../decode/index.ts';

/** What became of the lines that begin in a range of a source. */
export interface RangeRead {
  readonly lines: number;
  /** None of them may run on into another, be it of another range. */
  readonly isFree: boolean;
}

export interface RangePart {
  /** @param bytes valid until it returns */
  chunk(bytes: Uint8Array): void;
  end(): RangeRead;
}

const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);

/** Reads the lines of a range as a part, and finds out whether they may be read apart from others. */
export function createRangePart(part: PartReader, kernel: Kernel | undefined): RangePart {
  /** The beginning of a line whose end has not come yet. */
  let openLine: Uint8Array = NOTHING;
  let isFree = true;

  function look(bytes: Uint8Array): void {
    isFree &&= orderFreeLines(bytes, kernel) !== undefined;
  }

  return {
    chunk(bytes) {
      const first = bytes.indexOf(NEWLINE) + 1;
      const last = bytes.lastIndexOf(NEWLINE) + 1;
      if (first === 0) openLine = joined(openLine, bytes);
      else {
        look(joined(openLine, bytes.subarray(0, first)));
        look(bytes.subarray(first, last));
        openLine = bytes.slice(last);
      }
      part.chunk(bytes);
    },
    end() {
      look(openLine);
      return { lines: part.end(), isFree };
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
