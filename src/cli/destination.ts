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

/**
 * Makes sure that nothing is written over what is still to be read, or over another result.
 * @param names as {@link openDestination} takes them.
 * @param inputs names of files, and whatever else stands among them.
 * @throws InputError naming the file.
 */
export async function assertApart(
  names: readonly (string | undefined)[],
  inputs: readonly string[],
  { io: { cwd } }: Context,
): Promise<void> {
  const identities = new Map<string, string>();
  for (const name of names) {
    if (name === undefined || name === '-') continue;
    const identity = await identityOf(resolve(cwd, name));
    if (identity === undefined) continue;
    if (identities.has(identity)) throw overwritten('two results would go into this file', name);
    identities.set(identity, name);
  }
  if (identities.size === 0) return;
  for (const input of inputs) {
    const name = identities.get((await identityOf(resolve(cwd, input))) ?? '');
    if (name !== undefined) throw overwritten('this is an input and would be overwritten', name);
  }
}

const overwritten = (message: string, at: string) => new InputError('unwritable', { message, at });

/** What a file is known by, whatever the link or the name; undefined for a device and its like. */
async function identityOf(path: string): Promise<string | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return path;
  return info.isFile() ? `${info.dev}:${info.ino}` : undefined;
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
