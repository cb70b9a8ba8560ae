export {
  type Analysis,
  type AnalysisOptions,
  type AnalysisRun,
  type AnalysisWindow,
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
export {
  type PackedReading,
  type Part,
  type PartRead,
  type PartReader,
  type ReaderOptions,
  type Reading,
  startReading,
} from './reading.ts';
