import { expect, test } from 'vitest';
import { rulePages } from '../../src/workshop/index.ts';
import { load } from './library.ts';

const pages = new Map(rulePages(load()).map(({ path, text }) => [path, text]));

test('each rule and the index have a page in both languages', () => {
  const names = [
    'callback_missing',
    'code_used',
    'gateway_timeout',
    'pool_exhausted',
    'pool_then_504',
  ];
  const paths = ['en', 'zh'].flatMap((language) =>
    ['README', ...names].map((name) => `${language}/${name}.md`),
  );
  expect([...pages.keys()]).toEqual(paths);
});

test('the index', () => {
  expect(pages.get('zh/README.md')).toBe(`# 规则

由 \`scanlens rules docs\` 从规则文件生成；请修改规则文件，不要修改这些页面。 [English](../en/README.md)

| 名称 | 类别 | 级别 | 作用 | 标题 |
| --- | --- | --- | --- | --- |
| [callback_missing](callback_missing.md) | \`callback_missing\` | medium | failure | 扫码后没有回调 |
| [code_used](code_used.md) | \`code_used_40163\` | high | failure | code 已被使用 |
| [gateway_timeout](gateway_timeout.md) | \`gateway_504\` | medium | failure | 网关超时 |
| [pool_exhausted](pool_exhausted.md) | \`db_pool_exhausted\` | critical | failure | 连接池耗尽 |
| [pool_then_504](pool_then_504.md) | \`pool_then_504\` | medium | finding | 连接池导致 504 |
`);
});

test('a page', () => {
  expect(pages.get('en/code_used.md')).toBe(`# Code used

[Rules](README.md) · [中文](../zh/code_used.md)

The code was exchanged before.

| | |
| --- | --- |
| Name | \`code_used\` |
| Class | \`code_used_40163\` |
| Level | high |
| Status | stable |
| Effect | failure |
| Reads | single events (exchange) |
| File | \`rules/a.yml\` |

## What to do

Exchange \\*once\\*.

## What it looks for

\`\`\`yaml
detection:
    number: {wechat.errcode: 40163}
    words: [code was spent, code 已使用]
    filter: {service.name: test}
    condition: (number or words) and not filter
\`\`\`

## Matches

\`\`\`json
{"wechat.errcode":40163}
{"message":"oauth: code was spent, hints"}
{"message":"失败：code 已使用"}
\`\`\`

## Does not match

\`\`\`json
{"wechat.errcode":40029}
{"wechat.errcode":40163,"service.name":"test"}
\`\`\`

## References

- <https://example.com/a_b>
`);
});

test('explanations link both ways', () => {
  expect(pages.get('en/pool_exhausted.md')).toContain(
    '## Explains\n\n[gateway_timeout](gateway_timeout.md)',
  );
  expect(pages.get('zh/gateway_timeout.md')).toContain(
    '## 可由下列规则解释\n\n[pool_exhausted](pool_exhausted.md)',
  );
});
