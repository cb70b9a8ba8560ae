import { EntryKind } from '../../model/index.ts';
import { JsonRecords } from '../telemetry/json-records.ts';
import { type Place, passOver, returnTo } from '../telemetry/place.ts';
import type { SpanRows } from '../telemetry/span-rows.ts';
import { isExceptionEvent, spanStatusOf } from '../telemetry/span-words.ts';
import type { UnixTime } from '../telemetry/unix-time.ts';
import { JsonAttributes } from './json-attributes.ts';
import { In, KEYS, Key } from './json-keys.ts';

/**
 * Reads OTLP/JSON documents into rows: requests of traces and logs, and the answers of trace
 * stores that wrap them.
 */
export class OtlpJsonRecords extends JsonRecords {
  readonly #attributes: JsonAttributes;

  constructor(rows: SpanRows) {
    super('otlp-json', rows);
    this.#attributes = new JsonAttributes(this.json, rows, this.values);
  }

  protected override readObject(): void {
    const { json } = this;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.document); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.spans:
          this.#readResources(true);
          break;
        case Key.logs:
          this.#readResources(false);
          break;
        case Key.wrapper:
          this.readDocument();
          break;
        default:
          json.skip();
      }
    }
  }

  #next(before: number): number {
    return this.json.nextMeaning(KEYS, before);
  }

  #readResources(areSpans: boolean): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) this.#readResource(areSpans);
  }

  #readResource(areSpans: boolean): void {
    const { json, rows } = this;
    rows.resource.clear();
    rows.scope.clear();
    /** Scopes that stand before their resource. */
    const early: Place[] = [];
    let isKnown = false;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.resourceRecords); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.resource: {
          const from = rows.columns.entries;
          this.#readHolder();
          rows.resource.take(rows.columns, from);
          isKnown = true;
          break;
        }
        case Key.scopes:
          if (isKnown) this.#readScopes(areSpans);
          else early.push(passOver(json));
          break;
        default:
          json.skip();
      }
    }
    returnTo(json, early, () => this.#readScopes(areSpans));
  }

  #readScopes(areSpans: boolean): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) this.#readScope(areSpans);
  }

  #readScope(areSpans: boolean): void {
    const { json, rows } = this;
    rows.scope.clear();
    const early: Place[] = [];
    let isKnown = false;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.scopeRecords); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.scope: {
          const from = rows.columns.entries;
          this.#readHolder();
          rows.scope.take(rows.columns, from);
          isKnown = true;
          break;
        }
        case Key.records:
          if (isKnown) this.#readRecords(areSpans);
          else early.push(passOver(json));
          break;
        default:
          json.skip();
      }
    }
    returnTo(json, early, () => this.#readRecords(areSpans));
  }

  /** A resource or scope: attributes, and the name and version of a scope. */
  #readHolder(): void {
    const { json } = this;
    const { nodes } = this.rows;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.holder); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.attributes:
          this.#attributes.readAttributes(0);
          break;
        case Key.name:
          this.values.readText(nodes.scopeName);
          break;
        case Key.version:
          this.values.readText(nodes.scopeVersion);
          break;
        default:
          json.skip();
      }
    }
  }

  #readRecords(areSpans: boolean): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      if (areSpans) this.#readSpan();
      else this.#readLogRecord();
      if (json.fault !== undefined) this.rows.columns.dropOpenRow();
    }
  }

  #readSpan(): void {
    const { json, rows } = this;
    const start = json.at;
    rows.open();
    if (!json.enterObject()) return;
    for (let key = this.#next(In.span); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.startTime:
          this.#readTime(rows.start);
          break;
        case Key.endTime:
          this.#readTime(rows.end);
          break;
        case Key.attributes:
          this.#attributes.readAttributes(0);
          break;
        case Key.events:
          this.#readEvents();
          break;
        case Key.links:
          this.#readLinks();
          break;
        case Key.status:
          this.#readStatus();
          break;
        case Key.traceState:
          if (json.readText()) rows.addTraceState(json.start, json.stop);
          break;
        case Key.droppedAttributes:
          this.#readDropped(rows.nodes.droppedAttributes);
          break;
        case Key.droppedEvents:
          this.#readDropped(rows.nodes.droppedEvents);
          break;
        case Key.droppedLinks:
          this.#readDropped(rows.nodes.droppedLinks);
          break;
        default:
          this.readSpanField(key);
      }
    }
    this.closeSpan(start);
  }

  #readEvents(): void {
    const { json, rows } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      const start = json.at;
      let nameStart = 0;
      let nameStop = 0;
      let isEscaped = false;
      rows.beginEvent();
      if (!json.enterObject()) continue;
      for (let key = this.#next(In.event); key >= 0; key = this.#next(key)) {
        switch (key) {
          case Key.time:
            this.#readTime(rows.eventTime);
            break;
          case Key.name:
            if (json.readText()) {
              nameStart = json.start;
              nameStop = json.stop;
              isEscaped = json.isEscaped;
            }
            break;
          case Key.attributes:
            this.#attributes.readAttributes(0);
            break;
          default:
            json.skip();
        }
      }
      if (isExceptionEvent(json.bytes, nameStart, nameStop)) continue;
      if (nameStop > nameStart) {
        this.values.addText(rows.nodes.eventName, nameStart, nameStop, isEscaped);
      }
      rows.holdEvent(start, json.at);
    }
  }

  #readLinks(): void {
    const { json } = this;
    if (!json.enterArray()) return;
    while (json.nextItem()) {
      if (!json.enterObject()) continue;
      for (let key = this.#next(In.link); key >= 0; key = this.#next(key)) {
        if (key === Key.traceId) {
          if (json.readText()) this.rows.addLink(json.start, json.stop);
        } else json.skip();
      }
    }
  }

  #readStatus(): void {
    const { json, rows } = this;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.state); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.code:
          if (json.readText()) rows.status = spanStatusOf(json.bytes, json.start, json.stop);
          break;
        case Key.message:
          this.values.readText(rows.nodes.statusMessage);
          break;
        default:
          json.skip();
      }
    }
  }

  #readLogRecord(): void {
    const { json, rows } = this;
    const { nodes } = rows;
    const start = json.at;
    rows.open();
    let hasSeverity = false;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.log); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.time:
          this.#readTime(rows.start);
          break;
        case Key.observedTime:
          this.#readTime(rows.end);
          break;
        case Key.severityNumber:
          hasSeverity = this.#readSeverityNumber();
          break;
        case Key.severityText:
          this.values.readText(nodes.severityText);
          break;
        case Key.body:
          this.#attributes.readValue(nodes.body);
          break;
        case Key.attributes:
          this.#attributes.readAttributes(0);
          break;
        case Key.droppedAttributes:
          this.#readDropped(nodes.droppedAttributes);
          break;
        case Key.eventName:
          this.values.readText(nodes.eventName);
          break;
        case Key.traceId:
        case Key.spanId:
          this.readSpanField(key);
          break;
        default:
          json.skip();
      }
    }
    if (!hasSeverity) rows.addInteger(nodes.severityNumber, 0, 0);
    this.closeLogRecord(start);
  }

  /** @returns whether it is a number; the names of the enum go the way of texts. */
  #readSeverityNumber(): boolean {
    const { json } = this;
    const { nodes } = this.rows;
    if (!json.readText()) return false;
    const digit = json.bytes[json.start]!;
    if (digit >= 0x30 && digit <= 0x39) {
      this.rows.add(nodes.severityNumber, EntryKind.number, 0, json.start, json.stop);
      return true;
    }
    const from = json.start + 'SEVERITY_NUMBER_'.length;
    let to = json.stop;
    // DEBUG2 to DEBUG4 are shades of DEBUG.
    if (to > from && json.bytes[to - 1]! <= 0x39) to -= 1;
    if (from < to) this.rows.addText(nodes.severityText, from, to);
    return false;
  }

  /** How much is missing, if anything. */
  #readDropped(node: number): void {
    const { json } = this;
    if (!json.readText() || json.bytes[json.start] === 0x30) return;
    this.rows.add(node, EntryKind.number, 0, json.start, json.stop);
  }

  #readTime(time: UnixTime): void {
    const { json } = this;
    if (json.readText()) time.setText(json.bytes, json.start, json.stop);
  }
}
