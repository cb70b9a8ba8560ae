import { createWriteStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../model/index.ts';
import type { Context } from './context.ts';
import type { DisplayOptions } from './options.ts';
import { createOutput } from './output.ts';
import { page } from './pager.ts';

/** Where a result goes: a file, or standard output. */
export interface Destination {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes sure the place can be written to before the work begins; a file is made, or emptied, with
 * the first write, so that a run that fails leaves the old one alone.
 * @param name `-` for standard output; undefined for nowhere.
 * @param display for a text that is written whole and for people: a terminal may page it.
 */
export async function openDestination(
  name: string | undefined,
  context: Context,
  display?: Pick<DisplayOptions, 'pager'>,
): Promise<Destination | undefined> {
  const { io, stdout } = context;
  if (name === undefined) return undefined;
  if (name === '-') {
    const write = (text: string) =>
      display === undefined ? stdout.write(text) : page(text, display, context);
    return { write, close: async () => undefined };
  }
  const path = resolve(io.cwd, name);
  await assertWritable(path, name);
  let file: ReturnType<typeof createOutput> | undefined;
  let stream: ReturnType<typeof createWriteStream> | undefined;
  return {
    write: (text) => {
      if (file === undefined) {
        stream = createWriteStream(path);
        file = createOutput(stream);
      }
      return file.write(text);
    },
    close: () =>
      new Promise((done) => {
        if (stream === undefined) done();
        else stream.end(done);
      }),
  };
}

async function assertWritable(path: string, name: string): Promise<void> {
  try {
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory()) {
      throw new InputError('unwritable', { message: 'this is a folder, not a file', at: name });
    }
    await access(info === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError('unwritable', {
      message: code === 'ENOENT' ? 'its folder does not exist' : `cannot be written (${code})`,
      at: name,
    });
  }
}
