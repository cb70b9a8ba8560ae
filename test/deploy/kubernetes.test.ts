import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service, ServiceAccount } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/service/index.ts';
import { DEPLOY } from './promtool.ts';

const FOLDER = `${DEPLOY}/kubernetes`;
const HAS_KUBECTL = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

/** How each kind is checked: by the schema of the API that serves it. */
const MODELS = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
  ServiceMonitor,
};

type Kind = keyof typeof MODELS;

interface Manifest {
  readonly kind: Kind;
  readonly apiVersion: string;
}

/** @throws {Error} that names the field, where the API would not take it */
function validate(manifest: Manifest): void {
  const Model = MODELS[manifest.kind] as new (
    data: unknown,
  ) => { readonly apiVersion: string; validate(): void };
  const model = new Model(manifest);
  expect(model.apiVersion).toBe(manifest.apiVersion);
  model.validate();
}

const { resources } = parse(readFileSync(`${FOLDER}/kustomization.yaml`, 'utf8')) as {
  resources: readonly string[];
};
const manifests = resources.map(
  (file) => parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Manifest,
);

function manifestOf<K extends Kind>(kind: K) {
  return manifests.find((manifest) => manifest.kind === kind) as unknown as InstanceType<
    (typeof MODELS)[K]
  >;
}

test('the kustomization names every manifest of the folder', () => {
  const files = readdirSync(FOLDER).filter((file) => file !== 'kustomization.yaml');
  expect([...resources].sort()).toEqual(files.sort());
});

test.each(manifests)('$kind is what its API takes', (manifest) => {
  validate(manifest);
});

test('a mistake would be found', () => {
  const deployment = structuredClone(manifestOf('Deployment')) as unknown as Manifest & {
    spec: { replicas: unknown };
  };
  deployment.spec.replicas = 'three';
  expect(() => validate(deployment)).toThrow(/replicas/);
});

describe('the pods', () => {
  const deployment = manifestOf('Deployment');
  const pod = deployment.spec?.template.spec;
  const [container] = pod?.containers ?? [];
  const { data: settings = {} } = manifestOf('ConfigMap');

  test('are three at least, one of which may go at a time', () => {
    expect(deployment.spec?.replicas).toBe(3);
    expect(manifestOf('HorizontalPodAutoscaler').spec?.minReplicas).toBe(3);
    expect(manifestOf('PodDisruptionBudget').spec?.minAvailable).toBe(2);
  });

  test('may do nothing that they need not', () => {
    expect(pod?.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod?.automountServiceAccountToken).toBe(false);
    expect(container.resources).toMatchObject({
      requests: { cpu: expect.anything() as unknown, memory: expect.anything() as unknown },
      limits: { memory: expect.anything() as unknown },
    });
  });

  test('are asked by each probe what it is for', () => {
    expect(container.startupProbe?.httpGet?.path).toBe('/health');
    expect(container.livenessProbe?.httpGet?.path).toBe('/health');
    expect(container.readinessProbe?.httpGet?.path).toBe('/ready');
  });

  test('have time to let go of what they hold', () => {
    const preStopMs = Number(
      /(\d+)\)$/.exec(container.lifecycle?.preStop?.exec?.command?.[2] ?? '')?.[1],
    );
    const held = preStopMs + Number(settings.DRAIN_MS) + Number(settings.LONG_POLL_MS);
    expect((pod?.terminationGracePeriodSeconds ?? 0) * 1000).toBeGreaterThan(held);
  });

  test('start with settings that the service takes', () => {
    const secrets = {
      SERVICE_SECRET: 's'.repeat(32),
      WECHAT_APP_ID: 'wx',
      WECHAT_APP_SECRET: 'secret',
    };
    const config = loadConfig({ ...settings, ...secrets });
    expect(config.PORT).toBe(container.ports?.[0].containerPort);
    // None is misspelt.
    for (const name of Object.keys(settings)) expect(config).toHaveProperty(name);
  });

  test('may reach names, stores, Collector and WeChat, and nothing else within', () => {
    const ports = manifestOf('NetworkPolicy').spec?.egress?.map((rule) =>
      rule.ports?.map(({ port }) => port),
    );
    expect(ports).toEqual([[53, 53], [5432, 6379], [4318], [443]]);
  });
});

describe.skipIf(!HAS_KUBECTL)('put together (kubectl kustomize)', () => {
  test('all are still what their APIs take, and selectors select what they mean', () => {
    const text = execFileSync('kubectl', ['kustomize', FOLDER], { encoding: 'utf8' });
    const built = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
    expect(built).toHaveLength(manifests.length);
    for (const manifest of built) validate(manifest);
    const policy = built.find(({ kind }) => kind === 'NetworkPolicy') as unknown as InstanceType<
      typeof NetworkPolicy
    >;
    // A label put on all selectors would have shut off the names.
    expect(policy.spec?.egress?.[0].to?.[0].podSelector?.matchLabels).toEqual({
      'k8s-app': 'kube-dns',
    });
    expect(policy.spec?.podSelector?.matchLabels).toEqual({
      'app.kubernetes.io/name': 'scan-login',
    });
  });
});
