export { type FileRange, linesInRange } from './file-range.ts';
export { openForReading } from './file-source.ts';
export { type FoundSources, findSources } from './find-sources.ts';
export { BrokenSource, type Source } from './source.ts';
export { spooledSource } from './spooled-source.ts';
export { streamSource } from './stream-source.ts';
