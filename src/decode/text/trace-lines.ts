import { type Head, type TextStart, textOf } from './text-field.ts';

/** What a runtime prints when nothing logged it: it begins a record without time or level. */
const TRACE_START =
  /^(?:panic: |fatal error: |SIG[A-Z]{3,6}: |goroutine \d{1,10} \[|Exception in thread |Unhandled (?:exception|rejection)|UnhandledPromiseRejection|Uncaught |Traceback \(most recent call last\):|PHP (?:Fatal error|Warning|Notice|Parse error):)/;
/** An exception by its class, such as `java.sql.SQLException: words`. */
const EXCEPTION =
  /^(?:Caused by: |Suppressed: )?((?:[a-zA-Z_$][\w$]*[.\\])*[A-Z][\w$]*(?:Exception|Error|Throwable|Panic|Failure|Timeout))(?::\s*(.*))?$/;
/** Lines that only ever belong to a trace. */
const TRACE_LINE =
  /^(?:at \S|Caused by: |Suppressed: |\.{3} \d{1,6} (?:more|common frames)|created by |exit status \d|\[signal |During handling of the above|The above exception was|Stack trace:|#\d{1,4} |\*{3} |-{2,} (?:End|Ende)|[=-]{5,}$)/;

/** Begins a record where none is open; else it goes on with the open one, unless it must be new. */
export function readTraceStart(head: Head, isOpen: boolean): TextStart | undefined {
  const text = textOf(head);
  const isTrace = TRACE_START.test(text);
  const mustBeNew = isTrace && !/^(?:Traceback|goroutine|Stack)/.test(text);
  if (isOpen ? !mustBeNew : !isTrace && !EXCEPTION.test(text)) return undefined;
  return {
    form: 'trace',
    fields: [{ name: 'level', text: /^PHP (?:Warning|Notice)/.test(text) ? 'warning' : 'error' }],
    message: 0,
    goesOn: 'always',
  };
}

/** True for a line that shows by its indent or its wording that it goes on with a record. */
export function showsItGoesOn(head: Head): boolean {
  const first = head.bytes[head.start];
  if (head.start < head.end && (first === 0x20 || first === 0x09)) return true;
  const text = textOf(head);
  return TRACE_LINE.test(text) || EXCEPTION.test(text);
}

export interface ExceptionNamed {
  readonly type: string;
  readonly message: string | undefined;
}

/** The exception that a line names. */
export function exceptionOf(line: string): ExceptionNamed | undefined {
  const match = EXCEPTION.exec(line.replace(/^Exception in thread "[^"]{0,200}" /, ''));
  return match === null ? undefined : { type: match[1]!, message: match[2] };
}
