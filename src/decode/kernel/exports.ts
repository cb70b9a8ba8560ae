/** A place in the kernel's memory, or a number that it counts. */
interface Global {
  readonly value: number;
}

/** What `assembly/index.ts` exports. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };

  readonly input: Global;
  readonly scratch: Global;
  readonly line: Global;
  readonly rowStart: Global;
  readonly rowEnd: Global;
  readonly rowInScratch: Global;
  readonly rowKind: Global;
  readonly entryStart: Global;
  readonly path: Global;
  readonly kind: Global;
  readonly inScratch: Global;
  readonly inner: Global;
  readonly start: Global;
  readonly end: Global;

  readonly key: Global;
  addPath(node: number, parent: number, length: number, flags: number): number;
  clearPaths(): void;

  readonly lines: Global;
  readonly blanks: Global;
  readonly rows: Global;
  readonly entries: Global;
  readonly scratchUsed: Global;
  readonly isOpen: Global;
  learnPlainShape(): void;
  enter(lines: number, rows: number, entries: number, scratchUsed: number): void;
  scan(from: number, to: number, maxLineBytes: number): number;
  readonly isTold: Global;
  scanObject(from: number, to: number, scratched: number, within: number): number;

  learnMarker(length: number): void;
  orderFreeLines(length: number): number;

  clearPlans(): void;
  setPlan(
    node: number,
    digestAs: number,
    role: number,
    namespace: number,
    asked: number,
    isProse: number,
    salt: number,
  ): void;
  setMarks(node: number, number: number, upper: number, text: number, other: number): void;
  clearTexts(): void;
  learnText(node: number, high: number, low: number, effectHigh: number, effectLow: number): void;
  clearNames(): void;
  learnName(high: number, low: number, namespace: number, role: number, doubtful: number): void;
  clearTemplates(): void;
  readonly lesson: Global;
  readonly lessonIds: Global;
  learnTemplate(): number;

  repeatRows(from: number, until: number, events: number): number;
  readonly events: Global;
  readonly eventIds: Global;
  readonly eventRow: Global;
  readonly eventLine: Global;
  readonly eventTime: Global;
  readonly eventSeverity: Global;
  readonly eventStage: Global;
  readonly eventOutcome: Global;
  readonly eventKind: Global;
  readonly eventHashHigh: Global;
  readonly eventHashLow: Global;
  readonly eventTemplate: Global;
  readonly eventIdStart: Global;
  readonly eventIdNamespace: Global;
  readonly eventIdHigh: Global;
  readonly eventIdLow: Global;
  readonly rowsBySchema: Global;
  readonly minTimeMs: Global;
  readonly maxTimeMs: Global;
  clearCounts(): void;

  readonly isDigested: Global;
  readonly unknownText: Global;
  readonly digestHigh: Global;
  readonly digestLow: Global;
  readonly contentHigh: Global;
  readonly contentLow: Global;
  readonly masked: Global;
  readonly maskedEntry: Global;
  readonly mask: Global;
  readonly namespace: Global;
  readonly idHigh: Global;
  readonly idLow: Global;
}
