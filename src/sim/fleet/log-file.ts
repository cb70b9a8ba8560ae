import { createWriteStream } from 'node:fs';

/** A file of JSON lines, as the machinery around the service writes them. */
export interface LogFile {
  write(line: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

export function openLogFile(path: string): LogFile {
  const stream = createWriteStream(path, { flags: 'a' });
  return {
    write(line) {
      stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
    },
    close: () =>
      new Promise((resolve) => {
        stream.end(() => resolve());
      }),
  };
}
