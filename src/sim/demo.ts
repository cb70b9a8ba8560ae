import process from 'node:process';
import { ConfigError, createService, describeSettings, loadConfig } from '../service/index.ts';
import { runUntilSignal } from '../service/run-until-signal.ts';
import { simulatedApps, startPlatform } from './platform/index.ts';

/**
 * `npm run service`: the login service with nothing else to install. Without WeChat's credentials
 * in the environment a simulated WeChat stands beside it, phone included.
 */
async function main(): Promise<void> {
  const { env } = process;
  if (process.argv.includes('--help')) {
    console.log(`Settings (environment variables):\n\n${describeSettings()}`);
    return;
  }
  const simulated = env.WECHAT_APP_ID === undefined && env.WECHAT_MP_APP_ID === undefined;
  if (!simulated) return runUntilSignal(await createService(loadConfig(env)));

  const config = loadConfig(env);
  const origin = config.PUBLIC_URL.origin;
  const apps = simulatedApps(origin);
  const platform = await startPlatform({
    platform: apps,
    port: Number(env.PLATFORM_PORT ?? config.PORT + 1),
  });
  const service = await createService(
    loadConfig({
      PASSWORD_USERS: 'demo:demo-password',
      ...env,
      ...apps.environment(platform.url),
    }),
  );
  await runUntilSignal({
    listen: service.listen,
    async close() {
      await service.close();
      await platform.close();
    },
  });
  process.stderr.write(`simulated WeChat on ${platform.url}, its phone on ${platform.url}/phone\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : (error as Error).stack}\n`,
  );
  process.exitCode = error instanceof ConfigError ? 2 : 1;
});
