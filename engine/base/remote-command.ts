/**
 * The command of a session channel that runs a program of ours. It means the same to every login shell (sh, fish, csh): one
 * line in single quotes. The program, POSIX sh, follows on stdin after its length in bytes, and reads its parameters and
 * everything else from there too.
 */
export const remoteCommand = 'exec sh -c \'IFS= read -r n; p=$(head -c "$n"); eval "$p"\' towline';
