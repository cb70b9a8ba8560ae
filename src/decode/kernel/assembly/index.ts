export {
  contentHigh,
  contentLow,
  digest,
  digestHigh,
  digestLow,
  idHigh,
  idLow,
  isDigested,
  mask,
  maskedEntry,
  maskedStart,
  namespace,
} from './digest';
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
  rowStart,
  scratch,
  start,
} from './memory';
export { addPath, clearPaths, key } from './paths';
export { clearPlans, setMarks, setPlan } from './plans';
export { blanks, enter, entries, isOpen, lines, rows, scan, scratchUsed } from './scan';
export { learnPlainShape } from './shapes';
export { clearTexts, learnText } from './texts';
