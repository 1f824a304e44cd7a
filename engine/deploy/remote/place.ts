/**
 * Where a stack lives: its directory DIR keeps one path for ever, and our own records are beside it in .NAME.towline, so that
 * they are in nobody's build context. A run holds the lock and has its staging in run-ID; both are gone when it ends.
 */
export const place = /* sh */ `
look_around() {
  missing=
  for tool in tar head tr xargs stat find cut sed grep sort cmp df date mkdir mv cp ln rm rmdir cat chmod readlink docker; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
  done
  if command -v sha256sum >/dev/null 2>&1; then hasher='sha256sum'
  elif command -v shasum >/dev/null 2>&1; then hasher='shasum -a 256'
  elif command -v openssl >/dev/null 2>&1; then hasher='openssl dgst -sha256 -r'
  else missing="$missing sha256sum"
  fi
  [ -z "$missing" ] || refuse missing-tools $missing
  case $(stat -c %.9Z / 2>/dev/null) in
    *.*) stat_flag=-c stat_fields='%f %s %.9Z %i %n' exact=yes ;;
    '') stat_flag=-f stat_fields='%Xp %z %Fc %i %N' exact=yes ;;
    *) stat_flag=-c stat_fields='%f %s %Z %i %n' exact= ;;
  esac
  now=$(date +%s)
  say fact time "$now"
}

# Who publishes which ports, and on the last line which Compose there is. Fails with Docker's words when it can't be reached.
ask_docker() {
  docker ps --format '{{.Label "com.docker.compose.project"}}|{{.Names}}|{{.Ports}}' 2>&1 || return
  if version=$(docker compose version --short 2>/dev/null); then echo "docker compose $version"
  elif command -v docker-compose >/dev/null 2>&1; then echo 'docker-compose 1'
  else echo 'no compose'
  fi
}

# The answer is in "said", and how the asking ended is in $1.
hear_docker() {
  [ "$1" = 0 ] || refuse docker-unreachable "$(printf '%s' "$said" | tr '\\n' ' ')"
  version=\${said##*"$newline"} publishers=\${said%"\${said##*"$newline"}"}
  composer=\${version% *}
  [ "$composer" != no ] || refuse no-compose
  say fact compose "$version"
  [ -z "$publishers" ] || printf '%s' "$publishers" | sed "s/^/@$nonce publisher /"
}

# The same while other things go on. What was deployed once has a place for the answer.
begin_asking() { ask_docker >"$run/docker" 3<&- & helper=$!; }

end_asking() {
  [ -n "$helper" ] || return 0
  wait "$helper"
  asked=$? helper= said=$(cat "$run/docker")
  hear_docker "$asked"
}

find_place() {
  case $dir in "~/"*) dir=$HOME/\${dir#"~/"} ;; esac
  parent=\${dir%/*}
  [ -d "$dir" ] && dir=$(cd "$dir" && pwd -P) && parent=\${dir%/*}
  [ -n "$parent" ] || refuse path-trap "$dir"
  case $HOME/ in "$dir"/*) refuse path-trap "$dir" ;; esac
  state=$parent/.\${dir##*/}.towline
  objects=$state/objects run=$state/run-$id
  say fact directory "$dir"
  [ ! -e "$dir" ] || [ -d "$dir" ] || refuse unmanaged-directory "$dir"
  if [ -d "$dir" ] && [ ! -d "$state" ] && [ -n "$(ls -A "$dir")" ]; then refuse unmanaged-directory "$dir"; fi
  for near in "$dir" "$parent" "\${parent%/*}" "$HOME"; do [ ! -d "$near" ] || break; done
  say fact space "$(df -Pk "$near" | { read -r head; read -r device blocks used space rest; echo "$space"; })"
}

take_lock() {
  if [ -d "$dir" ] && [ ! -w "$dir" ]; then refuse not-writable "$dir"; fi
  [ -d "$objects" ] && [ -d "$state/releases" ] || mkdir -p "$objects" "$state/releases" 2>/dev/null || refuse not-writable "$parent"
  tries=0
  until mkdir "$state/lock" 2>/dev/null; do
    [ -w "$state" ] || refuse not-writable "$state"
    holder= since=0 expires=0 who=
    [ ! -f "$state/lock/owner" ] || read -r holder since expires who <"$state/lock/owner"
    if [ -n "$holder" ] && [ "$expires" -gt "$(date +%s)" ] && kill -0 "$holder" 2>/dev/null; then
      refuse lock-held "$since" "$expires" "$who"
    fi
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || refuse lock-held "$since" "$expires" "$who"
    if [ -z "$holder" ] && [ "$tries" -lt 3 ]; then sleep 1; continue; fi # its owner is about to sign it
    mv "$state/lock" "$state/lock.$$" 2>/dev/null || continue
    rm -rf "$state/lock.$$"
    say fact stale-lock "$since" "$who"
  done
  [ "$tries" = 0 ] || now=$(date +%s)
  expires=$((now + lease))
  printf '%s %s %s %s\\n' "$$" "$now" "$expires" "$owner" >"$state/lock/owner" || { rm -rf "$state/lock"; refuse not-writable "$state"; }
  locked=yes
  rm -rf "$state"/run-* "$state"/undo.* "$state"/lock.*
  mkdir "$run" "$run/objects" || fail staging
  watch_over 3<&- >&2 &
  watchdog=$!
}

# Ends the run when its lease does. What it says now and then gives the TCP connection something to fail on: when that has died in
# silence, sshd learns it so, and closes our input. It says it on the other output, where no line of ours can be torn.
watch_over() {
  trap 'kill "$!" 2>/dev/null; exit' TERM
  until [ "$(date +%s)" -ge "$expires" ]; do
    sleep 2 >/dev/null 2>&1 &
    wait "$!"
    kill -0 "$$" 2>/dev/null || exit
    say alive
  done
  kill -ALRM "$$"
}
`;
