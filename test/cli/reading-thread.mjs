// Threads of tests read the program's sources: a thread does not inherit what loads them.
import { register } from 'tsx/esm/api';

register();
await import('../../src/cli/threads/reading-thread.ts');
