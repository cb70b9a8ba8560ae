import { Html } from './html.ts';

/** The look of the page: light or dark as the reader's system is, printable, no file beside it. */
export const STYLE: Html = new Html(`
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #59636e; --line: #d1d9e0; --paper: #fff;
  --shade: #f4f6f8; --bad: #b42318; --warning: #8a5a00; --good: #116329; --graph: #2f6fb3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9aa5b1; --line: #3d444d;
  --paper: #0f1419; --shade: #1a2129; --bad: #ff8379; --warning: #e0ac4b; --good: #5fc77a;
  --graph: #6ba6e8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { margin: 0; font-size: 1rem; font-weight: 600; color: var(--faint); }
h2 { margin: 2.5rem 0 .6rem; font-size: 1.05rem; }
p { margin: .3rem 0; }
ul { margin: .4rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
code, pre { font: .92em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { margin: 0; padding: .7rem .9rem; overflow-x: auto; background: var(--shade); border-radius: 6px; }
.rate { font-size: 3.2rem; font-weight: 650; line-height: 1.1; font-variant-numeric: tabular-nums; }
.faint { color: var(--faint); } .bad { color: var(--bad); } .warning { color: var(--warning); }
.good { color: var(--good); }
.notice { margin: 1rem 0; padding: .6rem .9rem; border-left: 4px solid var(--warning);
  background: var(--shade); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { font-weight: 500; color: var(--faint); font-size: .87rem; text-align: left;
  border-bottom: 1px solid var(--line); }
th, td { padding: .32rem .7rem .32rem 0; vertical-align: top; }
tr + tr td { border-top: 1px solid var(--line); }
.number { text-align: right; white-space: nowrap; }
.name { white-space: nowrap; }
.graph { width: 30%; min-width: 7rem; }
.bar { display: block; height: .8rem; margin-top: .35rem; border-radius: 2px; background: var(--graph); }
svg { display: block; width: 100%; }
svg rect.rate-bar { fill: var(--graph); } svg rect.rate-bar:hover { fill: var(--bad); }
svg rect.none { fill: var(--line); } svg line { stroke: var(--line); }
.axis { display: flex; justify-content: space-between; gap: 1rem; font-size: .85rem; color: var(--faint); }
dl { margin: 0; } dt { margin-top: .9rem; font-weight: 600; } dd { margin: .15rem 0 0; }
@media (max-width: 40rem) { body { padding: 1rem 1rem 3rem; } th, td { padding-right: .5rem; }
  .graph { width: 4.5rem; min-width: 4.5rem; } }
@media print { body { max-width: none; padding: 0; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
`);
