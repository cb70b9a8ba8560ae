export interface AnalysisWindow {
  /** Earliest and latest time of any line, in Unix milliseconds; undefined when none had a time. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}
