import { encodeWord } from '../base/line-code.ts';
import type { CommandTask } from '../../shared/run.ts';
import { scriptCommand, scriptFile } from './script.ts';

/**
 * The one program that runs commands on a host: POSIX sh, the same bytes for every command. What is to be run comes to it as lines
 * `name=value` with unusual bytes as octal escapes; after an empty line its input is the commands' own.
 *
 * Its words are lines that begin with the mark, on both outputs: `begin`, then `end CODE` after each command. Beside it runs a
 * watcher, which says `alive` now and then: when that can no longer be written the channel is gone, and the process group is
 * ended, first with TERM, then with KILL. The same happens at the time limit, when the program itself has been killed, and after a
 * TERM from the server (RFC 4254 §6.9).
 *
 * Its names begin with `tl_`, since a variable of that name that came with the environment would change for the commands too.
 */
const program = /* sh */ `
if ! kill -0 "-$$" 2>/dev/null && [ -z "$tl_moved" ] && command -v setsid >/dev/null 2>&1; then
  tl_moved=1 exec setsid sh -c "$p" towline
fi
unset tl_moved
exec 3<&0 </dev/null
trap : PIPE
tl_whole= tl_mark= tl_beat= tl_grace= tl_limit= tl_persist= tl_stdin= tl_script= tl_counts= tl_stopped=
set --
while IFS= read -r tl_line <&3; do
  [ -n "$tl_line" ] || { tl_whole=1; break; }
  tl_value=$(printf '%bx' "\${tl_line#*=}")
  tl_value=\${tl_value%x}
  case \${tl_line%%=*} in
    mark) tl_mark=$tl_value ;; beat) tl_beat=$tl_value ;; grace) tl_grace=$tl_value ;; limit) tl_limit=$tl_value ;; persist) tl_persist=$tl_value ;; stdin) tl_stdin=$tl_value ;;
    script) tl_script=$tl_value ;; counts) tl_counts=$tl_value ;; word) set -- "$@" "$tl_value" ;;
  esac
done
[ -n "$tl_whole" ] || exit 1
[ -n "$tl_stdin" ] || exec 3</dev/null
kill -0 "-$$" 2>/dev/null || tl_alone=1

tl_say() {
  printf '%s %s\\n' "$tl_mark" "$*" 2>/dev/null
  printf '%s %s\\n' "$tl_mark" "$*" >&2 2>/dev/null
}
tl_signal() { [ -n "$tl_alone" ] || kill "-$1" "-$$" 2>/dev/null; }
tl_nap() { sleep "$1" >/dev/null 2>&1 & wait "$!"; }
tl_insist() { trap '' TERM; tl_nap "$tl_grace"; tl_signal KILL; exit; }
tl_end() { trap '' TERM; tl_signal TERM; tl_insist; }

tl_watch() {
  trap '' PIPE
  trap 'kill "$!" 2>/dev/null; exit' HUP
  trap tl_insist TERM
  while tl_nap "$tl_beat"; do
    printf '%s alive\\n' "$tl_mark" >&2 2>/dev/null || tl_end
    kill -0 "$$" 2>/dev/null || tl_end
    [ -z "$tl_limit" ] || { tl_limit=$((tl_limit - 1)); [ "$tl_limit" -gt 0 ] || tl_end; }
  done
}

tl_run() {
  if [ -n "$tl_script" ]; then
    ( exec "$@" ) <&3 3<&- ${scriptFile.descriptor}<<tl_script
$tl_script
tl_script
  else
    ( exec "$@" ) <&3 3<&-
  fi
}

trap 'tl_stopped=1' TERM INT HUP
tl_watch >/dev/null 3<&- &
tl_watcher=$!
tl_say begin
tl_at=1
for tl_count in $tl_counts; do
  tl_words= tl_next=$((tl_at + tl_count))
  while [ "$tl_at" -lt "$tl_next" ]; do
    tl_words="$tl_words \\"\\\${$tl_at}\\""
    tl_at=$((tl_at + 1))
  done
  eval "tl_run $tl_words"
  tl_code=$?
  tl_say end "$tl_code"
  [ -z "$tl_stopped" ] || break
  [ "$tl_code" -eq 0 ] || [ -n "$tl_persist" ] || break
done
[ -z "$tl_stopped" ] || tl_signal KILL
kill -HUP "$tl_watcher" 2>/dev/null
wait "$tl_watcher" 2>/dev/null
exit 0
`;

export interface Pace {
  /** How often the watcher looks after things. */
  readonly beatMs: number;
  /** Between TERM and KILL. */
  readonly graceMs: number;
}

export interface ProgramOptions {
  /** What the program's words begin with; nobody else may know it. */
  readonly mark: string;
  readonly persist: boolean;
  readonly stdin: boolean;
  /** When the host ends the commands by itself, should we be unable to. */
  readonly limitMs: number | undefined;
  readonly pace: Pace;
}

/** All that goes to the remote shell before the commands' own input. */
export function programInput(task: CommandTask, { mark, persist, stdin, limitMs, pace }: ProgramOptions): string {
  const commands = task.kind === 'commands' ? task.commands : [scriptCommand(task)];
  const parameters: [string, string][] = [
    ['mark', mark],
    ['persist', persist ? 'yes' : ''],
    ['stdin', stdin ? 'yes' : ''],
    ['beat', String(pace.beatMs / 1_000)],
    ['grace', String(pace.graceMs / 1_000)],
    ['limit', limitMs === undefined ? '' : String(Math.ceil(limitMs / pace.beatMs))], // in beats: sh counts in whole numbers
    ['script', task.kind === 'script' ? task.text : ''],
    ['counts', commands.map((words) => words.length).join(' ')],
    ...commands.flat().map((word): [string, string] => ['word', word]),
  ];
  const lines = parameters.map(([name, value]) => `${name}=${encodeWord(value)}\n`);
  return `${Buffer.byteLength(program)}\n${program}${lines.join('')}\n`;
}
