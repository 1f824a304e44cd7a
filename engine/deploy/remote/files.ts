/**
 * The files. A manifest names what we put there, a line each: `MODE SHA256 PATH`, MODE `link` for a symbolic link, whose
 * content is its target. Old content is kept once, in objects/, by its hash. A change is a list of operations:
 *
 *     save - HASH PATH     keep the present content of PATH as an object
 *     move MODE HASH PATH  put a staged object there, its last use
 *     copy MODE HASH PATH  the same with a copy, from the staging or from what is kept
 *     mode MODE - PATH     change only the mode
 *     drop - - PATH        remove it
 *     rmdir - - PATH       remove a directory, if it is empty
 *
 * Undoing is such a list too. Doing either again, or what was half done, does no harm.
 */
export const files = /* sh */ `
regular_files() {
  while IFS= read -r line; do
    split "$line"
    [ -L "./$path" ] || [ ! -f "./$path" ] || printf './%s\\n' "$path"
  done <"$state/manifest" | tr '\\n' '\\000'
}

digest_of() { printf '%s' "$1" | $hasher | cut -c 1-64; }

tell_files() {
  [ -s "$state/manifest" ] && cd "$dir" 2>/dev/null || return 0
  while IFS= read -r line; do
    split "$line"
    [ ! -L "./$path" ] || say link "$(digest_of "$(readlink "./$path")")" "$path"
  done <"$state/manifest"
  # /dev/null is for the tools that would do something else without an argument.
  regular_files | xargs -0 stat "$stat_flag" "$stat_fields" /dev/null | sed "s/^/@$nonce stat /"
  regular_files | xargs -0 $hasher /dev/null | sed "s/^/@$nonce hash /"
}

receive() {
  head -c "$1" <&3 | tar -xpomf - -C "$run/objects" 2>"$run/tar.log" || fail receive "$(head -n 1 "$run/tar.log")"
  for name in plan undo manifest images; do
    mv "$run/objects/$name" "$run/$name" 2>/dev/null || fail receive "$name is missing"
  done
}

verify() {
  cd "$run/objects" || fail verify
  wrong=$(find . -type f -print | xargs $hasher /dev/null | grep -v -e '^\\([0-9a-f]*\\) [ *]\\./\\1$' -e ' [ *]/dev/null$')
  [ -z "$wrong" ] || fail verify "$(printf '%s\\n' "$wrong" | head -n 1)"
  while IFS= read -r line; do
    case $line in move*) split "\${line#* }"; [ -f "$hash" ] || fail verify "$path" ;; esac
  done <"$run/plan"
}

# What is new to us must not be there already, nor lie behind a link that leads elsewhere.
look_for_strangers() {
  [ ! -f "$state/manifest" ] || cut -d ' ' -f 3- "$state/manifest" >"$run/known"
  while IFS= read -r line; do
    split "\${line#* }"
    case $line in move*|copy*) ;; *) continue ;; esac
    parent_of "$path"
    while [ -n "$above" ]; do
      if [ -L "$dir/$above" ]; then outcome=refused; fail file-in-the-way "$above"; fi
      parent_of "$above"
    done
    [ -e "$dir/$path" ] || [ -L "$dir/$path" ] || continue
    if [ ! -d "$dir/$path" ] || [ -L "$dir/$path" ]; then grep -qxF -e "$path" "$run/known" 2>/dev/null && continue; fi
    outcome=refused
    fail file-in-the-way "$path"
  done <"$run/plan"
}

parent_of() { case $1 in */*) above=\${1%/*} ;; *) above= ;; esac; }

# Reads operations from standard input, in DIR.
apply() {
  cd "$dir" || return 1
  while IFS= read -r line; do
    op=\${line%% *}
    split "\${line#* }"
    kept=$objects/$hash
    case $op in
      save) save || return 1 ;;
      drop) rm -f "./$path" || return 1 ;;
      rmdir) rmdir "./$path" 2>/dev/null ;;
      mode) [ ! -e "./$path" ] || chmod "$mode" "./$path" || return 1 ;;
      move|copy) put || return 1 ;;
    esac
  done
}

save() {
  if [ -f "$kept" ]; then return 0; fi
  if [ -L "./$path" ]; then printf '%s' "$(readlink "./$path")" >"$kept.$$" && mv "$kept.$$" "$kept"
  elif [ -f "./$path" ]; then ln "./$path" "$kept" 2>/dev/null || { cp -p "./$path" "$kept.$$" && mv "$kept.$$" "$kept"; }
  fi
}

put() {
  source=$run/objects/$hash
  [ -f "$source" ] || source=$kept
  [ -f "$source" ] || return "$when_absent"
  parent_of "$path"
  [ -z "$above" ] || [ -d "./$above" ] || ( umask 022; mkdir -p "./$above" ) || return 1
  if [ "$mode" = link ]; then
    rm -f "./$path" && ln -s "$(cat "$source")" "./$path"
  elif [ "$op" = move ] && [ "$source" != "$kept" ]; then
    mv -f "$source" "./$path"
  else
    cp "$source" "$run/copy" && chmod "$mode" "$run/copy" && mv -f "$run/copy" "./$path"
  fi
}
`;
