import { conversation } from './conversation.ts';
import { files } from './files.ts';
import { place } from './place.ts';
import { prelude } from './prelude.ts';
import { preview } from './preview.ts';
import { release } from './release.ts';

/** The one program that runs on the host: POSIX sh, the same bytes for every stack. What differs comes to it as data. */
export const remoteProgram = [prelude, place, files, release, preview, conversation].join('\n');
