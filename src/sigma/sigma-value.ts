/** A value as Sigma sees it: strings, numbers and booleans by their text; null is "no value". */
export type SigmaValue = string | null;
