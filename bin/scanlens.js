#!/usr/bin/env node
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Keeps compiled code between runs where Node can (22.8 and later): half the start-up time.
module.enableCompileCache?.();

// V8 11 (Node 20) optimises much that runs for a moment only, and lets its space for new objects grow
// to 32 MB while the rules are loaded, see docs/speed.md. Others were not measured, and keep their own
// measure.
if (process.versions.v8.startsWith('11.')) {
  setFlagsFromString('--interrupt-budget=250000');
  setFlagsFromString('--semi-space-growth-factor=1');
}

const { runCli } = await import('../dist/cli/index.js');

process.exit(
  await runCli(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    now: () => performance.now(),
    onInterrupt: (listener) => {
      process.once('SIGINT', listener);
      return () => process.off('SIGINT', listener);
    },
  }),
);
