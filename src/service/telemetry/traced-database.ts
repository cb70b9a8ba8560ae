import { SpanKind } from '@opentelemetry/api';
import type { Database, Queryable } from '../store/index.ts';
import type { Tracing } from './tracing.ts';

/** Gives every statement a span. Statements hold no values, only places for them. */
export function tracedDatabase(database: Database, inSpan: Tracing['inSpan']): Database {
  return {
    ...traced(database, inSpan),
    transaction: (work) =>
      inSpan('postgresql transaction', clientSpan('transaction'), () =>
        database.transaction((transaction) => work(traced(transaction, inSpan))),
      ),
    counts: database.counts,
    close: database.close,
  };
}

function traced(queryable: Queryable, inSpan: Tracing['inSpan']): Queryable {
  return {
    query(text, params) {
      const operation = text.trimStart().split(/\s/, 1)[0].toUpperCase();
      return inSpan(
        `postgresql ${operation}`,
        clientSpan(operation, text.replace(/\s+/g, ' ').trim()),
        () => queryable.query(text, params),
      );
    },
  };
}

function clientSpan(operation: string, text?: string) {
  return {
    kind: SpanKind.CLIENT,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      ...(text !== undefined && { 'db.query.text': text }),
    },
  };
}
