export {
  type Analysis,
  type AnalysisOptions,
  type AnalysisRun,
  type SourceReader,
  startAnalysis,
} from './analysis.ts';
export {
  type DetectedField,
  type DetectedSource,
  type Detection,
  type DetectionOptions,
  type DetectionRun,
  type LineGroup,
  startDetection,
} from './detection.ts';
export { type FlowLineSearch, startFlowLineSearch } from './flow-lines.ts';
export type { JudgingFacts } from './judging.ts';
export {
  canBeLocal,
  type LocalFlows,
  type LocalFlowsOptions,
  startLocalFlows,
} from './local-flows.ts';
export {
  type PackedReading,
  type Part,
  type PartRead,
  type PartReader,
  type ReaderOptions,
  type Reading,
  startReading,
} from './reading.ts';
export type { AnalysisWindow } from './window.ts';
