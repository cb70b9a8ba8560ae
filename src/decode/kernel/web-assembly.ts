/** The part of WebAssembly's interface that the kernel needs; the `es2023` library has none of it. */
interface WebAssemblyModule {
  readonly exports: Readonly<Record<string, unknown>>;
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => WebAssemblyModule;
};

/** @returns undefined where the engine does not know SIMD, or the bytes are no module. */
export function instantiate<Exports>(bytes: Uint8Array): Exports | undefined {
  try {
    // Nothing can abort: the kernel allocates nothing once it runs.
    const imports = { env: { abort() {} } };
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as Exports;
  } catch {
    return undefined;
  }
}
