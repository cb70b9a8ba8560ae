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

  let origin = '';
  const { website, officialAccount, environment } = simulatedApps(() => origin);
  const { PORT } = loadConfig(env);
  const platform = await startPlatform({
    platform: { website, officialAccount },
    port: Number(env.PLATFORM_PORT ?? (PORT === 0 ? 0 : PORT + 1)),
  });
  const service = await createService(
    loadConfig({ PASSWORD_USERS: 'demo:demo-password', ...env, ...environment(platform.url) }),
  );
  await runUntilSignal({
    async listen() {
      origin = await service.listen();
      return origin;
    },
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
