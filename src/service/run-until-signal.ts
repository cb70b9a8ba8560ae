import process from 'node:process';

/** Listens, says where on standard error, and closes at the first signal; a second one kills. */
export async function runUntilSignal(service: {
  listen(): Promise<string>;
  close(): Promise<void>;
}): Promise<void> {
  const url = await service.listen();
  process.stderr.write(`listening on ${url}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await service.close();
      process.exit(0);
    });
  }
}
