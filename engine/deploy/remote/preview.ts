/**
 * What a change would make of the configuration: rendered where it does no harm, in a directory of its own that goes when the
 * program ends, and tried out by Compose where it can do that.
 */
export const preview = /* sh */ `
render() { ( cd "$1" && $composer config ) </dev/null; }

tell_preview() {
  place=\${TMPDIR:-/tmp}/towline-$id
  mkdir "$place" || fail preview
  preview=$(cd "$place" && pwd -P)
  head -c "$1" <&3 | tar -xpomf - -C "$preview" || fail receive
  use_files "$files"
  render "$preview/tree" >"$preview/rendered" 2>"$preview/log" || fail config "$(head -n 1 "$preview/log")"
  own=$(printf '%s' "$dir" | sed 's/[&|\\\\]/\\\\&/g')
  sed "s|$preview/tree|$own|g" "$preview/rendered" >"$preview/planned.yml"
  sed "s/^/@$nonce planned /" "$preview/planned.yml"
  if [ -f "$state/current" ]; then
    use_files "$(cat "$state/releases/$(cat "$state/current")/files")"
    render "$dir" 2>/dev/null | sed "s/^/@$nonce present /"
  fi
  [ "$composer" = 'docker compose' ] && docker compose --help 2>/dev/null | grep -q -e '--dry-run' || return 0
  say fact dry-run yes
  try_out | sed "s/^/@$nonce would /"
}

# Compose's own dry run.
try_out() {
  unset COMPOSE_FILE
  docker compose -p "$project" --project-directory "$dir" -f "$preview/planned.yml" --dry-run up -d --remove-orphans --no-build 2>&1 </dev/null
}
`;
