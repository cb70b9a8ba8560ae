import type { Report, ReportBreakdownRow, ReportLatency } from '../model/index.ts';
import { visible } from './visible.ts';

/** Rows of one field beyond this become one: a label of logs must not grow without end. */
const VALUES_KEPT = 20;

const CAUSES_KEPT = 200;

const VALUE_LENGTH = 120;

type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [Labels, number])[];
}

/**
 * The report as metrics, for Prometheus's textfile collector: OpenMetrics, and valid as
 * Prometheus's own text format, too. Everything is a gauge: it tells of one window, and the next
 * run replaces it. Labels hold names of rules, stages and codes, and the values of `--by` fields,
 * twenty a field at most. What is unknown is left out.
 */
export function openMetrics(report: Report): string {
  const families = [
    ...outcomes(report),
    ...rates(report),
    ...stages(report),
    ...causes(report),
    ...breakdowns(report),
    ...input(report),
    ...provenance(report),
  ];
  return `${families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('')}# EOF\n`;
}

function familyText({ name, help, samples }: Family): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value.slice(0, VALUE_LENGTH))}"`,
  );
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(text: string): string {
  return visible(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

function outcomes({ flows }: Report): readonly Family[] {
  const { succeeded, failed, abandoned, open } = flows;
  return [
    {
      name: 'scanlens_logins',
      help: 'Scan logins of the window by how they ended.',
      samples: Object.entries({ succeeded, failed, abandoned, open }).map(([outcome, count]) => [
        { outcome },
        count,
      ]),
    },
    {
      name: 'scanlens_abandoned_logins',
      help: 'Logins that the user gave up, by why.',
      samples: Object.entries(flows.abandonedBy).map(([reason, count]) => [{ reason }, count]),
    },
  ];
}

function rates({ failureRate, login }: Report): readonly Family[] {
  const rate = (name: string, help: string, value: number | undefined): Family => ({
    name,
    help,
    samples: value === undefined ? [] : [[{}, value]],
  });
  return [
    rate(
      'scanlens_failure_ratio',
      'Failed logins over failed and succeeded ones.',
      failureRate?.value,
    ),
    rate(
      'scanlens_failure_ratio_low',
      'Lower end of the Wilson interval of the failure ratio.',
      failureRate?.low,
    ),
    rate(
      'scanlens_failure_ratio_high',
      'Upper end of the Wilson interval of the failure ratio.',
      failureRate?.high,
    ),
    {
      name: 'scanlens_login_duration_seconds',
      help: 'Time from the first stage to the session.',
      samples: latencySamples(login, {}),
    },
  ];
}

function latencySamples(
  { p50Ms, p95Ms, p99Ms }: ReportLatency,
  labels: Labels,
): readonly (readonly [Labels, number])[] {
  return Object.entries({ p50: p50Ms, p95: p95Ms, p99: p99Ms }).flatMap(([statistic, ms]) =>
    ms === null ? [] : [[{ ...labels, statistic }, ms / 1000] as const],
  );
}

function stages({ funnel }: Report): readonly Family[] {
  const counts = (name: string, help: string, key: 'reached' | 'failed' | 'abandoned'): Family => ({
    name,
    help,
    samples: funnel.map((row) => [{ stage: row.stage }, row[key]]),
  });
  return [
    counts('scanlens_stage_reached_logins', 'Settled logins that got past a stage.', 'reached'),
    counts('scanlens_stage_failed_logins', 'Logins that failed at a stage.', 'failed'),
    counts('scanlens_stage_abandoned_logins', 'Logins given up at a stage.', 'abandoned'),
    {
      name: 'scanlens_stage_duration_seconds',
      help: 'Time from the stage before to this one.',
      samples: funnel.flatMap((row) => latencySamples(row, { stage: row.stage })),
    },
  ];
}

function causes({ causes, unclassified, recovered }: Report): readonly Family[] {
  return [
    {
      name: 'scanlens_failures',
      help: 'Failed logins by the rule that names the cause.',
      samples: [
        ...causes
          .slice(0, CAUSES_KEPT)
          .map((cause): readonly [Labels, number] => [
            { cause: cause.rule, class: cause.class, level: cause.level },
            cause.flows,
          ]),
        [{ cause: 'unclassified', class: 'unclassified', level: '' }, unclassified.flows],
      ],
    },
    {
      name: 'scanlens_recovered_logins',
      help: 'Logins that succeeded although a rule for failures matched, by the rule.',
      samples: recovered.slice(0, CAUSES_KEPT).map(({ rule, flows }) => [{ rule }, flows]),
    },
  ];
}

function breakdowns({ breakdowns }: Report): readonly Family[] {
  const rows = Object.entries(breakdowns).flatMap(([field, all]) =>
    boundedRows(all).map((row) => ({ field, ...row })),
  );
  const samples = (key: 'decided' | 'failed') =>
    rows.map(({ field, value, ...counts }): readonly [Labels, number] => [
      { field, value },
      counts[key],
    ]);
  return [
    {
      name: 'scanlens_field_decided_logins',
      help: 'Failed and succeeded logins by the value of a field.',
      samples: samples('decided'),
    },
    {
      name: 'scanlens_field_failed_logins',
      help: 'Failed logins by the value of a field.',
      samples: samples('failed'),
    },
  ];
}

interface BoundedRow {
  readonly value: string;
  readonly decided: number;
  readonly failed: number;
}

/** An empty label is, to Prometheus, none at all: what has no value is called so. */
function boundedRows(rows: readonly ReportBreakdownRow[]): readonly BoundedRow[] {
  const kept = new Map<string, { value: string; decided: number; failed: number }>();
  rows.forEach((row, i) => {
    const value =
      row.folded || i >= VALUES_KEPT ? '(others)' : row.value === null ? '(none)' : row.value;
    // Long values may become alike when cut; a series must not stand twice.
    const key = escaped(value.slice(0, VALUE_LENGTH));
    const known = kept.get(key);
    if (known === undefined) kept.set(key, { value, decided: row.decided, failed: row.failed });
    else {
      known.decided += row.decided;
      known.failed += row.failed;
    }
  });
  return [...kept.values()];
}

function input({ input, findings }: Report): readonly Family[] {
  const { events, other, blank, rejected } = input;
  return [
    {
      name: 'scanlens_input_lines',
      help: 'Lines read, by what became of them.',
      samples: Object.entries({
        events,
        other,
        blank,
        rejected: Object.values(rejected).reduce((sum, count) => sum + count, 0),
      }).map(([kind, count]) => [{ kind }, count]),
    },
    {
      name: 'scanlens_input_rejected_lines',
      help: 'Lines that could not be read, by why.',
      samples: Object.entries(rejected).map(([reason, count]) => [{ reason }, count]),
    },
    {
      name: 'scanlens_findings',
      help: 'Findings about the input as a whole, by kind and severity.',
      samples: [...countFindings(findings)].map(([key, count]) => {
        const [kind, severity] = key.split(' ');
        return [{ kind, severity }, count];
      }),
    },
  ];
}

function countFindings(findings: Report['findings']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, severity } of findings) {
    const key = `${kind} ${severity}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function provenance({ window, tool }: Report): readonly Family[] {
  const moment = (name: string, help: string, iso: string | null): Family => ({
    name,
    help,
    samples: iso === null ? [] : [[{}, Date.parse(iso) / 1000]],
  });
  return [
    moment('scanlens_window_start_timestamp_seconds', 'Time of the first event.', window.from),
    moment('scanlens_window_end_timestamp_seconds', 'Time of the last event.', window.to),
    {
      name: 'scanlens_info',
      help: 'Version and rule library that the other metrics were made with.',
      samples: [[{ version: tool.version, rules: tool.rulesDigest.slice(0, 12) }, 1]],
    },
  ];
}
