/**
 * How the remote program talks and ends. Everything it says to us is a line `@NONCE WORD …`; every other line is output of a
 * tool. It ends in one place, `finish`, whatever ends it: an exit, a signal, the end of its input.
 */
export const prelude = /* sh */ `
trap '' PIPE
umask 077
exec 3<&0
PATH=$PATH:/usr/local/bin:/opt/homebrew/bin:/snap/bin
verb= id= nonce= dir= project= files= owner= lease= keep= pull= build=
locked= outcome= watchdog= relayer= watcher= helper= stats= exact= preview=
newline='
'

say() { printf '@%s %s\\n' "$nonce" "$*" 2>/dev/null || :; }
refuse() { outcome=refused; say refused "$@"; exit 3; }
fail() { say failed "$@"; exit 4; }
relay() { cat 2>/dev/null || cat >/dev/null; }

# The line of a file of one line, without a process of its own.
line_of() { line=; IFS= read -r line <"$1" || :; }

# name=value lines up to an empty one; values have their unusual bytes as octal escapes.
read_parameters() {
  while IFS= read -r line && [ -n "$line" ]; do
    value=\${line#*=}
    case $value in *\\\\*) value=$(printf '%bx' "$value"); value=\${value%x} ;; esac
    case \${line%%=*} in
      verb) verb=$value ;; id) id=$value ;; nonce) nonce=$value ;; dir) dir=$value ;; project) project=$value ;;
      files) files=$value ;; owner) owner=$value ;; lease) lease=$value ;; keep) keep=$value ;;
      pull) pull=$value ;; build) build=$value ;;
    esac
  done
}

# The line goes to "mode", "hash" and "path"; a path may begin and end with spaces.
split() { mode=\${1%% *}; path=\${1#* }; hash=\${path%% *}; path=\${path#* }; }

# What goes on beside the rest is waited for before its result is used, and before the directory it writes to goes.
stop_helper() {
  [ -n "$helper" ] || return 0
  kill "$helper" 2>/dev/null
  wait "$helper" 2>/dev/null
  helper=
}

stop_tool() {
  [ -n "$relayer" ] || return 0
  kill -TERM "$(cat "$run/pid")" 2>/dev/null
  wait "$relayer"
  kill "$watcher" 2>/dev/null
  relayer=
}

finish() {
  code=$?
  trap - EXIT
  trap '' TERM HUP INT ALRM
  [ -z "$watchdog" ] || kill "$watchdog" 2>/dev/null
  [ -z "$preview" ] || rm -rf "$preview"
  if [ -n "$locked" ]; then
    stop_helper
    stop_tool
    [ ! -d "$state/undo" ] || undo
    printf '%s %s %s\\n' "$id" "\${outcome:-failed}" "$(date +%s)" >"$state/result.$$" && mv "$state/result.$$" "$state/result"
    rm -rf "$run" "$state/lock"
    [ -f "$state/manifest" ] || rmdir "$dir" 2>/dev/null
    say done "\${outcome:-failed}"
  fi
  exit "$code"
}

# Runs a tool with its output relayed. A line on our input, or its end, stops the tool and ends the program.
watched() {
  rm -f "$run/pid" "$run/code"
  { "$@" </dev/null 3<&- 2>&1 & echo "$!" >"$run/pid"; wait "$!"; echo "$?" >"$run/code"; } | relay &
  relayer=$!
  {
    IFS= read -r word || word=lost
    echo "$word" >"$run/stop"
    until [ -s "$run/pid" ]; do sleep 1; done
    kill -TERM "$(cat "$run/pid")"
  } <&3 >/dev/null 2>&1 &
  watcher=$!
  wait "$relayer"
  relayer=
  kill "$watcher" 2>/dev/null
  wait "$watcher" 2>/dev/null
  [ ! -s "$run/stop" ] || stopped "$(cat "$run/stop")"
  return "$(cat "$run/code" 2>/dev/null || echo 1)"
}

stopped() {
  if [ "$1" = cancel ]; then outcome=cancelled; else outcome=interrupted; fi
  exit 5
}
`;
