import type { Part } from '../../analysis/index.ts';
import { Breakdown } from '../breakdown.ts';
import type { Answer, Order, Question, Reply, ReplyTo, SourceRange } from './message.ts';

/** A reading thread as the crew sees it; `Worker` is one. */
export interface Thread {
  postMessage(order: Order): void;
  on(event: 'message', listener: (answer: Answer) => void): unknown;
  on(event: 'error', listener: (error: Error & { code?: string }) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

/** Chunks that may wait at a thread, with the one it reads: more would only fill memory. */
const MOST_UNDER_WAY = 2;

export interface Member {
  readonly thread: Thread;
  isReady: boolean;
  underWay: number;
  reply: Reply | undefined;
}

/** What a thread has replied. */
export interface ThreadReply<Q extends Question> {
  /** Place among the threads. */
  readonly thread: number;
  readonly answer: ReplyTo<Q>;
}

/** Threads that read parts of the input side by side. */
export class Crew {
  readonly #members: readonly Member[];
  readonly #chunkBytes: number;
  readonly #buffers: SharedArrayBuffer[] = [];
  #failure: Error | undefined;
  #hasWork = false;
  #onProgress: (bytes: number) => void = () => undefined;
  /** Called whenever something has changed. */
  #wake: () => void = () => undefined;

  constructor(threads: readonly Thread[], chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
    this.#members = threads.map((thread) => this.#enlist(thread));
  }

  /** True when a thread can take work. @throws Breakdown when one was lost. */
  get isReady(): boolean {
    this.check();
    return this.#members.some(({ isReady }) => isReady);
  }

  /**
   * An empty chunk to be filled. Its memory is shared: if it were handed over, V8 would have every
   * access to any array checked for having been handed over, from then on and in all threads.
   */
  buffer(): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.#buffers.pop() ?? new SharedArrayBuffer(this.#chunkBytes));
  }

  /**
   * The thread that has least to do; undefined while all have enough.
   * @param only the thread that has begun the part already
   * @throws Breakdown when a thread was lost.
   */
  freeMember(only?: Member): Member | undefined {
    this.check();
    const candidates = only === undefined ? this.#members : [only];
    const free = candidates.filter(({ isReady, underWay }) => isReady && underWay < MOST_UNDER_WAY);
    return free.length === 0 ? undefined : free.reduce((a, b) => (b.underWay < a.underWay ? b : a));
  }

  /** Waits for {@link freeMember}. */
  async memberFor(only: Member | undefined): Promise<Member> {
    for (;;) {
      const member = this.freeMember(only);
      if (member !== undefined) return member;
      await this.#change();
    }
  }

  /** Takes back a chunk that was not sent. */
  putBack({ buffer }: Uint8Array<SharedArrayBuffer>): void {
    this.#buffers.push(buffer);
  }

  /** @param chunk one of {@link buffer}, the thread's until it is read */
  send(
    member: Member,
    { part, chunk, isLast }: { part: Part; chunk: Uint8Array<SharedArrayBuffer>; isLast: boolean },
  ): void {
    const { buffer, length } = chunk;
    member.underWay += 1;
    this.#hasWork = true;
    member.thread.postMessage({ kind: 'chunk', part, buffer, length, isLast });
  }

  /** Has a thread read a range, after those that it was sent before. */
  sendRange(thread: number, range: SourceRange): void {
    this.#hasWork = true;
    this.#members[thread]!.thread.postMessage({ kind: 'range', ...range });
  }

  /** @throws Breakdown when a thread was lost. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** @param listener told how many bytes of ranges came in */
  onProgress(listener: (bytes: number) => void): void {
    this.#onProgress = listener;
  }

  /**
   * Puts a question to every thread at once. The replies are given one after the other as they
   * come; those to the question before must have been taken. Where nothing was read by anyone else,
   * nobody is asked. To go on to the next reply throws a Breakdown when a thread was lost.
   */
  ask<Q extends Question>(questionTo: (thread: number) => Q): AsyncGenerator<ThreadReply<Q>> {
    const asked = this.#hasWork ? this.#members : [];
    for (const [place, { thread }] of asked.entries()) thread.postMessage(questionTo(place));
    return this.#replies(asked);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map(({ thread }) => thread.terminate()));
  }

  async *#replies<Q extends Question>(asked: readonly Member[]): AsyncGenerator<ThreadReply<Q>> {
    const left = new Set(asked.keys());
    while (left.size > 0) {
      this.check();
      const thread = [...left].find((place) => asked[place]!.reply !== undefined);
      if (thread === undefined) {
        await this.#change();
        continue;
      }
      left.delete(thread);
      const member = asked[thread]!;
      const answer = member.reply as ReplyTo<Q>;
      member.reply = undefined;
      yield { thread, answer };
    }
  }

  #enlist(thread: Thread): Member {
    const member: Member = { thread, isReady: false, underWay: 0, reply: undefined };
    let mayExit = false;
    thread.on('message', (answer) => {
      switch (answer.kind) {
        case 'ready':
          member.isReady = true;
          break;
        case 'read':
          member.underWay -= 1;
          this.#buffers.push(answer.buffer);
          break;
        case 'progress':
          this.#onProgress(answer.bytes);
          break;
        default:
          mayExit = answer.kind === 'finished' || answer.kind === 'counted';
          member.reply = answer;
      }
      this.#wake();
    });
    thread.on('error', (error) => this.#fail(failureOf(error)));
    thread.on('exit', (code) => {
      if (!mayExit) this.#fail(lost(`stopped midway (exit code ${code})`));
    });
    return member;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function failureOf(error: Error & { code?: string }): Error {
  const isOutOfMemory =
    error.code === 'ERR_WORKER_OUT_OF_MEMORY' || error.message === 'Array buffer allocation failed';
  return isOutOfMemory ? lost('ran out of memory') : error;
}

function lost(what: string): Breakdown {
  return new Breakdown(
    `a reading thread ${what}, so there is no report`,
    'fewer threads need less memory: --threads 1',
  );
}
