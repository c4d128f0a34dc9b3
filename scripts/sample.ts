// `node scripts/sample.ts DIR`: makes the sample project there, where none is yet.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeSample } from './sample-project.ts';

const [dir = '.cache/sample'] = process.argv.slice(2);
if (!existsSync(resolve(dir, 'data'))) await makeSample(resolve(dir));
