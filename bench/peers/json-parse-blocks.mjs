// JSON.parse of whole blocks: the lines of a block joined to one array, which is parsed at once.
import { createReadStream } from 'node:fs';

let records = 0;
let rest = '';
for await (const block of createReadStream(process.argv[2], {
  highWaterMark: 1024 ** 2,
  encoding: 'utf8',
})) {
  const text = rest + block;
  const end = text.lastIndexOf('\n');
  rest = text.slice(end + 1);
  if (end > 0) records += JSON.parse(`[${text.slice(0, end).replaceAll('\n', ',')}]`).length;
}
if (rest.trim() !== '') records += 1;
console.log(records);
