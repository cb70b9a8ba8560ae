import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MAIN = 'src/service/main.ts';

export interface InstanceOptions {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Modules the process loads before the service. */
  readonly preload?: readonly string[];
  /** Told when the process ends, however it does. */
  readonly onExit: (exit: InstanceExit) => void;
}

export interface InstanceExit {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Nobody asked it to stop. */
  readonly unexpected: boolean;
}

/** One process of the service. */
export interface Instance {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  send(message: object): void;
  kill(): void;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
}

const START_MS = 120_000;
const LOOK_AGAIN_MS = 50;

/** None of them outlives the run, however that ends. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts the service as its own process. @returns once it is ready for requests */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { name, env, preload = [], onExit } = options;
  const host = '127.0.0.1';
  const port = await freePort(host);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', ...preload.flatMap((file) => ['--import', file]), MAIN],
    {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...env,
        HOST: host,
        PORT: String(port),
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  children.add(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  });
  let stopping = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      children.delete(child);
      onExit({ name, code, signal, unexpected: !stopping });
      resolve();
    });
  });
  await ready(child, `http://${host}:${port}/ready`, () => said);
  return {
    name,
    host,
    port,
    send: (message) => void child.send(message),
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}

async function ready(child: ChildProcess, url: string, said: () => string): Promise<void> {
  const until = performance.now() + START_MS;
  while (child.exitCode === null && performance.now() < until) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await answer?.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  child.kill('SIGKILL');
  throw new Error(`the service does not get ready:\n${said()}`);
}

/** A port nobody listened on a moment ago. */
async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
