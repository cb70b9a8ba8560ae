import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** Grafana's ids of units. */
export type Unit = 'short' | 'reqps' | 'cps' | 'percentunit' | 's' | 'bytes';

export interface Query {
  readonly expr: string;
  /** Grafana's template of the series' name. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What the reader is to make of it. */
  readonly about: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Of the 24 columns of the page. */
  readonly width: number;
  readonly height?: number;
  /** How it is drawn: a line by default, `bars` stacked, `steps` as bars side by side, `number` alone. */
  readonly as?: 'line' | 'bars' | 'steps' | 'number';
  /** Below good, from warn on doubtful, from bad on bad. */
  readonly limits?: { readonly warn: number; readonly bad: number };
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly rows: readonly Row[];
}

/** The whole source is chosen on the page: no panel names one of its own. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in.
const SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A dashboard as Grafana imports it; the same input gives the same output. */
export function dashboardOf({ uid, title, about, rows }: Dashboard): object {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags(['scan-login'])
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
    )
    .withVariable(
      new QueryVariableBuilder('job')
        .label('Job')
        .datasource(SOURCE)
        .query('label_values(wechat_login_flows_started_total, job)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true),
    );
  let id = 0;
  for (const row of rows) {
    id += 1;
    builder.withRow(new RowBuilder(row.title).id(id));
    for (const panel of row.panels) {
      id += 1;
      builder.withPanel(builderOf(panel).id(id));
    }
  }
  return builder.build();
}

function builderOf(panel: Panel) {
  const builder = drawn(panel)
    .title(panel.title)
    .description(panel.about)
    .unit(panel.unit)
    .datasource(SOURCE)
    .span(panel.width)
    .height(panel.height ?? 8);
  const { limits } = panel;
  if (limits !== undefined) {
    builder.thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: 'green' },
        { value: limits.warn, color: 'orange' },
        { value: limits.bad, color: 'red' },
      ]),
    );
  }
  panel.queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .expr(expr)
      .legendFormat(legend)
      .datasource(SOURCE)
      .format(PromQueryFormat.TimeSeries);
    builder.withTarget(isMoment(panel) ? query.instant() : query.range());
  });
  return builder;
}

/** Shows one value a series, not how it went. */
function isMoment({ as }: Panel): boolean {
  return as === 'steps' || as === 'number';
}

function drawn({ as = 'line' }: Panel) {
  switch (as) {
    case 'number':
      return new stat.PanelBuilder().graphMode(BigValueGraphMode.None);
    case 'steps':
      return new bargauge.PanelBuilder()
        .displayMode(BarGaugeDisplayMode.Basic)
        .valueMode(BarGaugeValueMode.Text)
        .orientation(VizOrientation.Horizontal)
        .min(0);
    case 'line':
    case 'bars':
      return new timeseries.PanelBuilder()
        .min(0)
        .drawStyle(as === 'bars' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
        .fillOpacity(as === 'bars' ? 80 : 8)
        .stacking(
          new StackingConfigBuilder().mode(as === 'bars' ? StackingMode.Normal : StackingMode.None),
        )
        .legend(
          new VizLegendOptionsBuilder()
            .showLegend(true)
            .displayMode(LegendDisplayMode.Table)
            .placement(LegendPlacement.Bottom)
            .calcs(['lastNotNull', 'max']),
        )
        .tooltip(
          new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
        );
  }
}
