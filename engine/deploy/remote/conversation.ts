/** The course of a run: what is said and asked, in order. After `ready` it answers `show ID` until it is told what to do. */
export const conversation = /* sh */ `
tell_releases() {
  [ ! -f "$state/result" ] || { line_of "$state/result"; say result "$line"; }
  for release in "$state"/releases/*/; do
    [ ! -f "$release/info" ] || { line_of "$release/info"; name=\${release%/}; say release "\${name##*/}" "$line"; }
  done
  [ ! -f "$state/current" ] || { line_of "$state/current"; say fact current "$line"; }
}

show() {
  case $1 in *[!0-9a-z-]*|'') return ;; esac
  [ -d "$state/releases/$1" ] || return
  sed "s/^/@$nonce want /" "$state/releases/$1/manifest"
  sed "s/^/@$nonce image /" "$state/releases/$1/images"
  printf '%s\\n' "$(cat "$state/releases/$1/files")" | sed "s/^/@$nonce file /"
}

ask() { IFS= read -r answer <&3 || stopped lost; }

change() {
  say stage uploading
  receive "$1"
  say stage verifying
  verify
  look_for_strangers
  say stage applying
  begin_change
  when_absent=1
  apply "$run/plan" || exit 4
  [ -z "$exact" ] || stat_put >"$run/put-stats"
  use_files "$files"
  say stage checking
  begin_listing
  check_config
  end_listing
  say stage building
  get_images
  say stage starting
  start
  say stage gating
  ask
  case $answer in
    commit) say stage committing; commit ;;
    rollback) outcome=rolled-back; exit 6 ;;
    *) stopped cancel ;;
  esac
}

main() {
  read_parameters
  exec </dev/null
  trap finish EXIT
  trap 'outcome=interrupted; exit 5' TERM HUP INT
  trap 'fail expired' ALRM
  look_around
  find_place
  if [ "$verb" = change ] && [ -f "$state/manifest" ] && [ ! -d "$state/undo" ]; then
    take_lock
    begin_asking
  else
    said=$(ask_docker)
    hear_docker "$?"
    [ "$verb" != change ] || take_lock
  fi
  if [ "$verb" = change ]; then
    [ ! -d "$state/undo" ] || { end_asking; undo; say fact recovered "$(cat "$state/result" 2>/dev/null)"; [ "$outcome" != broken ] || exit 4; }
  elif [ -f "$state/lock/owner" ] && kill -0 "$(cut -d ' ' -f 1 "$state/lock/owner")" 2>/dev/null; then
    say fact lock "$(cat "$state/lock/owner")"
  elif [ -d "$state/undo" ]; then
    say fact unfinished yes
  fi
  tell_releases
  tell_files
  end_asking
  say ready
  while ask; do
    case $answer in
      show\\ *) show "\${answer#show }"; say shown ;;
      files\\ *) value=$(printf '%bx' "\${answer#files }"); files=\${value%x} ;;
      preview\\ *) tell_preview "\${answer#preview }"; say previewed ;;
      receive\\ *) [ -z "$locked" ] || change "\${answer#receive }"; return ;;
      *) outcome=cancelled; return ;;
    esac
  done
}

main
`;
