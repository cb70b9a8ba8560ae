export {
  type Analysis,
  type AnalysisOptions,
  type AnalysisRun,
  type AnalysisWindow,
  type SourceReader,
  startAnalysis,
} from './analysis.ts';
