import { readFileSync } from 'node:fs';
import { createKernel, type Kernel } from '../src/decode/index.ts';
import { KERNEL_FILE } from './build-kernel.ts';

/** A kernel of its own, from the bytes that the run's set-up has built. */
export function newKernel(): Kernel {
  const kernel = createKernel(readFileSync(KERNEL_FILE));
  if (kernel === undefined) throw new Error('this engine runs no WebAssembly SIMD');
  return kernel;
}
