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
  publishers=$(docker ps --format '{{.Label "com.docker.compose.project"}}|{{.Names}}|{{.Ports}}' 2>&1) ||
    refuse docker-unreachable "$(printf '%s' "$publishers" | tr '\\n' ' ')"
  if version=$(docker compose version --short 2>/dev/null); then composer='docker compose'
  elif command -v docker-compose >/dev/null 2>&1; then composer=docker-compose version=1
  else refuse no-compose
  fi
  say fact compose "$composer $version"
  say fact time "$(date +%s)"
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
  say fact space "$(df -Pk "$near" | sed -n '$p' | tr -s ' ' | cut -d ' ' -f 4)"
  printf '%s\\n' "$publishers" | sed "s/^/@$nonce publisher /"
}

take_lock() {
  if [ -d "$dir" ] && [ ! -w "$dir" ]; then refuse not-writable "$dir"; fi
  mkdir -p "$objects" "$state/releases" 2>/dev/null || refuse not-writable "$parent"
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
  now=$(date +%s)
  printf '%s %s %s %s\\n' "$$" "$now" "$((now + lease))" "$owner" >"$state/lock/owner" || { rm -rf "$state/lock"; refuse not-writable "$state"; }
  locked=yes
  rm -rf "$state"/run-* "$state"/undo.* "$state"/lock.*
  mkdir "$run" "$run/objects" || fail staging
  (
    trap 'kill "$nap" 2>/dev/null' TERM
    sleep "$lease" & nap=$!
    wait "$nap" && kill -ALRM "$$"
  ) </dev/null >/dev/null 2>&1 3<&- &
  watchdog=$!
}
`;
