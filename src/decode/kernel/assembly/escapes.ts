/** As `decode/escapes.ts`, over the kernel's memory. */

@inline
export function hexDigit(byte: u8): i32 {
  const digit: i32 = <i32>byte - 0x30;
  if (<u32>digit < 10) return digit;
  const letter: i32 = (<i32>byte | 0x20) - 0x61;
  return <u32>letter < 6 ? letter + 10 : -1;
}

/** The four hex digits at `at`, or a negative number when they are none. */
export function hex4(at: usize): i32 {
  return (
    (hexDigit(load<u8>(at)) << 12) |
    (hexDigit(load<u8>(at + 1)) << 8) |
    (hexDigit(load<u8>(at + 2)) << 4) |
    hexDigit(load<u8>(at + 3))
  );
}

/** The byte that the letter after a backslash stands for; 0 where JSON knows no such escape. */
function simple(letter: u8): u8 {
  switch (letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return 0;
  }
}

/** Behind the escape whose backslash stands at `at`; 0 when it is none that JSON knows. */
export function afterEscape(at: usize): usize {
  const letter = load<u8>(at + 1);
  if (letter == 0x75) return hex4(at + 2) < 0 ? 0 : at + 6;
  return simple(letter) == 0 ? 0 : at + 2;
}

/** Resolves the escapes of a checked string. @returns the end of what was written */
export function resolve(from: usize, to: usize, target: usize): usize {
  let out = target;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(at);
    if (byte != 0x5c) {
      store<u8>(out++, byte);
      continue;
    }
    at++;
    const letter = load<u8>(at);
    if (letter != 0x75) {
      store<u8>(out++, simple(letter));
      continue;
    }
    let code = hex4(at + 1);
    at += 4;
    if (code >= 0xd800 && code <= 0xdfff) {
      let low: i32 = -1;
      if (code < 0xdc00 && at + 6 < to && load<u8>(at + 1) == 0x5c && load<u8>(at + 2) == 0x75) {
        low = hex4(at + 3);
      }
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      } else {
        code = 0xfffd;
      }
    }
    out = encode(code, out);
  }
  return out;
}

function encode(code: i32, out: usize): usize {
  if (code < 0x80) {
    store<u8>(out, <u8>code);
    return out + 1;
  }
  if (code < 0x800) {
    store<u8>(out, <u8>(0xc0 | (code >> 6)));
    store<u8>(out + 1, <u8>(0x80 | (code & 0x3f)));
    return out + 2;
  }
  if (code < 0x10000) {
    store<u8>(out, <u8>(0xe0 | (code >> 12)));
    store<u8>(out + 1, <u8>(0x80 | ((code >> 6) & 0x3f)));
    store<u8>(out + 2, <u8>(0x80 | (code & 0x3f)));
    return out + 3;
  }
  store<u8>(out, <u8>(0xf0 | (code >> 18)));
  store<u8>(out + 1, <u8>(0x80 | ((code >> 12) & 0x3f)));
  store<u8>(out + 2, <u8>(0x80 | ((code >> 6) & 0x3f)));
  store<u8>(out + 3, <u8>(0x80 | (code & 0x3f)));
  return out + 4;
}
