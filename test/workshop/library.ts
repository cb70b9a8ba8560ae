import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Mapping, parseMapping } from '../../src/normalise/index.ts';
import { type LoadedRules, loadRules } from '../../src/ruleset/index.ts';

const folder = fileURLToPath(new URL('../../mappings/', import.meta.url));

/** The mappings that come with the program. */
export const MAPPINGS: readonly Mapping[] = readdirSync(folder)
  .filter((name) => /\.ya?ml$/.test(name))
  .sort()
  .map((name) => parseMapping(name, readFileSync(folder + name, 'utf8')).mapping);

export const RULES = `title: Code used
id: 00000000-0000-4000-8000-000000000001
name: code_used
status: stable
description: The code was exchanged before.
references: ['https://example.com/a_b']
logsource: {product: wechat_login, category: exchange}
detection:
    number: {wechat.errcode: 40163}
    words: [code was spent, code 已使用]
    filter: {service.name: test}
    condition: (number or words) and not filter
level: high
custom_attributes:
    flow.class: code_used_40163
    flow.title.zh: code 已被使用
    flow.description: {zh: 该 code 之前已经换取过。}
    flow.remediation: {en: Exchange *once*., zh: 只换一次。}
    flow.tests:
        - {name: number, expect: match, event: {wechat.errcode: 40163}}
        - {name: words, expect: match, event: {message: 'oauth: code was spent, hints'}}
        - {name: chinese, expect: match, event: {message: 失败：code 已使用}}
        - {name: other, expect: no-match, event: {wechat.errcode: 40029}}
        - {name: test service, expect: no-match, event: {wechat.errcode: 40163, service.name: test}}
---
title: Pool exhausted
id: 00000000-0000-4000-8000-000000000002
name: pool_exhausted
status: test
logsource: {product: wechat_login, category: database}
detection: {keywords: [pool exhausted], condition: keywords}
level: critical
custom_attributes:
    flow.class: db_pool_exhausted
    flow.title.zh: 连接池耗尽
    flow.remediation: {en: Raise the pool., zh: 增大连接池。}
---
title: Gateway timeout
id: 00000000-0000-4000-8000-000000000003
name: gateway_timeout
status: test
logsource: {product: wechat_login, category: gateway}
detection: {selection: {http.response.status_code: 504}, condition: selection}
level: medium
custom_attributes:
    flow.class: gateway_504
    flow.title.zh: 网关超时
    flow.remediation: {en: Look behind it., zh: 查看上游。}
---
title: Pool, then 504
id: 00000000-0000-4000-8000-000000000004
name: pool_then_504
correlation:
    type: temporal_ordered
    rules: [pool_exhausted, gateway_timeout]
    timespan: 30s
custom_attributes:
    flow.title.zh: 连接池导致 504
    flow.explains: {cause: pool_exhausted, symptoms: [gateway_timeout]}
    flow.tests:
        - name: one flow
          expect: match
          assert: {q1: {outcome: failed, cause: pool_exhausted, symptom: gateway_504}}
          events:
              - {offset: 0s, event: {login.flow.id: q1, login.stage: issued, login.outcome: ok}}
              - {offset: 3s, event: {login.flow.id: q1, login.stage: scanned, login.outcome: ok}}
              - {offset: 5s, event: {login.flow.id: q1, login.stage: callback, login.outcome: failed, message: pool exhausted}}
              - {offset: 9s, event: {login.flow.id: q1, login.stage: callback, login.outcome: failed, http.response.status_code: 504}}
        - name: too late
          expect: no-match
          events:
              - {offset: 0s, event: {login.flow.id: q1, login.stage: issued, login.outcome: ok}}
              - {offset: 3s, event: {login.flow.id: q1, login.stage: scanned, login.outcome: ok}}
              - {offset: 5s, event: {login.flow.id: q1, login.stage: callback, login.outcome: failed, message: pool exhausted}}
              - {offset: 2m, event: {login.flow.id: q1, login.stage: callback, login.outcome: failed, http.response.status_code: 504}}
---
title: No callback after the scan
id: 00000000-0000-4000-8000-000000000005
name: callback_missing
status: stable
logsource: {product: wechat_login, category: flow}
detection:
    scanned: {age_ms.scanned|gte: 120000}
    absent: {callback.ts|exists: false}
    condition: scanned and absent
level: medium
custom_attributes:
    flow.class: callback_missing
    flow.title.zh: 扫码后没有回调
    flow.remediation: {en: Look at the domain., zh: 检查域名。}
    flow.deadline: {from: scanned, within: 2m}
    flow.tests:
        - name: silence
          expect: match
          events:
              - {offset: 0s, event: {login.flow.id: q1, login.stage: issued, login.outcome: ok}}
              - {offset: 9s, event: {login.flow.id: q1, login.stage: scanned, login.outcome: ok}}
        - name: too early
          expect: no-match
          until: 1m
          events: [{offset: 0s, event: {login.flow.id: q1, login.stage: scanned, login.outcome: ok}}]
        - name: it came
          expect: no-match
          events:
              - {offset: 0s, event: {login.flow.id: q1, login.stage: scanned, login.outcome: ok}}
              - {offset: 1s, event: {login.flow.id: q1, login.stage: callback, login.outcome: ok}}
        - name: never scanned
          expect: no-match
          events: [{offset: 0s, event: {login.flow.id: q1, login.stage: issued, login.outcome: ok}}]
        - {name: as a record, expect: match, event: {age_ms.scanned: 120001}}
`;

export function load(text = RULES): LoadedRules {
  return loadRules([{ file: 'rules/a.yml', text }]);
}
