import { writeSnapshot } from './library.ts';

await writeSnapshot();
