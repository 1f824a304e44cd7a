import { conversation } from './conversation.ts';
import { files } from './files.ts';
import { place } from './place.ts';
import { prelude } from './prelude.ts';
import { release } from './release.ts';

/** The one program that runs on the host: POSIX sh, the same bytes for every stack. What differs comes to it as data. */
export const remoteProgram = [prelude, place, files, release, conversation].join('\n');

/**
 * The command of the session channel. It means the same to every login shell (sh, fish, csh): one line in single quotes. The
 * program follows on stdin, after its length in bytes, and reads its parameters and everything else from there too.
 */
export const remoteCommand = 'exec sh -c \'IFS= read -r n; p=$(dd bs=1 count="$n" 2>/dev/null); eval "$p"\' towline';
