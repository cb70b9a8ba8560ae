export { type ProtoFraming, protoFraming } from './framing.ts';
export { createOtlpProtoDecoder, type OtlpProtoOptions } from './proto-decoder.ts';
