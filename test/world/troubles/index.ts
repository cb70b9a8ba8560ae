export { dotnet } from './dotnet.ts';
export { go } from './go.ts';
export { java } from './java.ts';
export { node } from './node.ts';
export { php } from './php.ts';
export { python } from './python.ts';
