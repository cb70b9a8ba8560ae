// The usual way to read a log in Node: split2 frames lines, JSON.parse reads each whole.
import { createReadStream } from 'node:fs';
import split2 from 'split2';

let records = 0;
for await (const record of createReadStream(process.argv[2], { highWaterMark: 1024 ** 2 }).pipe(
  split2(JSON.parse),
)) {
  if (record !== null) records++;
}
console.log(records);
