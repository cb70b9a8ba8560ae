export { type DocumentKind, documentKindOf } from './document-kind.ts';
export { createDocumentReader, type DocumentReader } from './document-reader.ts';
