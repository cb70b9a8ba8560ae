export { type DocumentKind, documentKindOf } from '../telemetry/document-kind.ts';
export { createDocumentReader, type DocumentReader } from './document-reader.ts';
