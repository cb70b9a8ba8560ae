export {
  contentHigh,
  contentLow,
  idHigh,
  idLow,
  mask,
  masked,
  maskedEntry,
  namespace,
  unknownText,
} from './digest';
export {
  clearCounts,
  eventHashHigh,
  eventHashLow,
  eventIdHigh,
  eventIdLow,
  eventIdNamespace,
  eventIdStart,
  eventIds,
  eventKind,
  eventLine,
  eventOutcome,
  eventRow,
  eventSeverity,
  eventStage,
  eventTemplate,
  eventTime,
  events,
  isDigested,
  maxTimeMs,
  minTimeMs,
  repeatRows,
  rowsBySchema,
} from './events';
export { high as digestHigh, low as digestLow } from './hash';
export {
  end,
  entryStart,
  inner,
  input,
  inScratch,
  kind,
  line,
  path,
  rowEnd,
  rowInScratch,
  rowKind,
  rowStart,
  scratch,
  start,
} from './memory';
export { learnMarker, orderFreeLines } from './order-free';
export { addPath, clearPaths, key } from './paths';
export { clearPlans, setMarks, setPlan } from './plans';
export {
  blanks,
  enter,
  entries,
  isOpen,
  isTold,
  lines,
  rows,
  scan,
  scanObject,
  scratchUsed,
} from './scan';
export { learnPlainShape } from './shapes';
export { clearTexts, learnText } from './texts';
export { clearTemplates, learnTemplate, lesson, lessonIds } from './templates';
export { clearNames, learnName } from './urls';
