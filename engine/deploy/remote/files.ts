/**
 * The files. A manifest names what we put there, a line each: `MODE SHA256 PATH`, MODE `link` for a symbolic link, whose
 * content is its target. Old content is kept once, in objects/, by its hash. A change is a list of operations:
 *
 *     save - HASH PATH     keep the present content of PATH as an object
 *     drop - - PATH        remove it
 *     rmdir - - PATH       remove a directory, if it is empty
 *     move MODE HASH PATH  put the staged file of that path there
 *     copy MODE HASH PATH  put a copy there, of a staged object or of what is kept
 *     mode MODE - PATH     change only the mode
 *
 * They are done kind by kind, in this order, many at a time where a tool can. New files are staged in tree/ under their own
 * paths: a directory that is not there yet moves into place as a whole, one that is there takes all its new files in one call.
 *
 * Undoing is such a list too. Doing either again, or what was half done, does no harm.
 */
export const files = /* sh */ `
# What stat says of our files, a line each: TYPE+MODE SIZE CHANGED INODE ./PATH.
stat_files() {
  sed -n 's/^[0-9]* [0-9a-f]* /.\\//p' "$1" | tr '\\n' '\\000' |
    xargs -0 stat "$stat_flag" "$stat_fields" /dev/null 2>/dev/null | grep '^8'
}

digest_of() { printf '%s' "$1" | $hasher | cut -c 1-64; }

# index/ is what stat said of files that had the content of the manifest: who still looks the same need not be read again.
tell_files() {
  [ -s "$state/manifest" ] && cd "$dir" 2>/dev/null || return 0
  sed -n 's/^link [0-9a-f]* //p' "$state/manifest" | while IFS= read -r path; do
    [ ! -L "./$path" ] || say link "$(digest_of "$(readlink "./$path")")" "$path"
  done
  index=/dev/null same= fresh=
  [ -z "$exact" ] || [ ! -f "$state/index" ] || index=$state/index
  stats=$(stat_files "$state/manifest")
  if [ "$stats" = "$(cat "$index")" ]; then
    same=$stats
  else
    same=$(printf '%s\\n' "$stats" | grep -xF -f "$index")
    fresh=$(printf '%s\\n' "$stats" | grep -vxF -f "$index")
  fi
  [ -z "$same" ] || printf '%s\\n' "$same" | cut -d ' ' -f 1,2,5- | sed "s/^/@$nonce same /"
  sed "s/^/@$nonce kept /" "$state/manifest"
  [ -n "$fresh" ] || return 0
  # /dev/null is for the tools that would do something else without an argument.
  printf '%s\\n' "$fresh" | cut -d ' ' -f 1,2,5- | sed "s/^/@$nonce stat /"
  printf '%s\\n' "$fresh" | cut -d ' ' -f 5- | tr '\\n' '\\000' |
    xargs -0 $hasher /dev/null | sed "s/^/@$nonce hash /"
}

# The files that this change has put, as they look now.
stat_put() {
  sed -n -e 's/^move //p' -e 's/^copy //p' -e 's/^mode \\([0-9]*\\) -/\\1 0/p' "$run/plan" >"$run/put"
  ( cd "$dir" && stat_files "$run/put" )
}

receive() {
  ( umask 022; head -c "$1" <&3 | tar -xpomf - -C "$run" 2>"$run/tar.log" ) || fail receive "$(head -n 1 "$run/tar.log")"
  for name in plan undo manifest images tree; do
    [ -e "$run/$name" ] || fail receive "$name is missing"
  done
}

# HASH PATH of every staged file, by hash.
staged_files() {
  find . -type f -print0 | xargs -0 $hasher /dev/null |
    sed -e '/ [ *]\\/dev\\/null$/d' -e 's/^\\([0-9a-f]*\\) [ *]\\.\\//\\1 /' | LC_ALL=C sort
}

verify() {
  sed -n 's/^move [0-9]* //p' "$run/plan" | LC_ALL=C sort >"$run/sums"
  ( cd "$run/tree" && staged_files ) >"$run/found"
  cmp -s "$run/sums" "$run/found" || fail verify "$(grep -vxF -f "$run/found" "$run/sums" | head -n 1 | cut -d ' ' -f 2-)"
  set -- "$run"/objects/*
  [ -e "$1" ] || return 0
  wrong=$(cd "$run/objects" && staged_files | grep -v '^\\([0-9a-f]*\\) \\1$')
  [ -z "$wrong" ] || fail verify "$(printf '%s\\n' "$wrong" | head -n 1)"
}

# What is new to us must not be there already, nor lie behind a link that leads elsewhere.
look_for_strangers() {
  [ ! -f "$state/manifest" ] || cut -d ' ' -f 3- "$state/manifest" >"$run/known"
  stranger=$( ( cd "$run/tree" && look_in . ) && sed -n 's/^copy //p' "$run/plan" | look_at )
  found=$?
  outcome=refused
  [ "$found" != 9 ] || fail not-writable "$dir/\${stranger#./}"
  [ -z "$stranger" ] || fail file-in-the-way "$stranger"
  outcome=
}

is_ours() { grep -qxF -e "$1" "$run/known" 2>/dev/null; }

# Names the first stranger in the place of what the staged directory $1 holds; with 9 a directory that is not ours to change.
look_in() (
  [ ! -d "$dir/$1" ] || [ -w "$dir/$1" ] || { printf '%s' "$1"; exit 9; }
  for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    place=$dir/$entry path=\${entry#./}
    [ -e "$place" ] || [ -L "$place" ] || continue
    [ -e "$entry" ] || continue
    if [ -d "$place" ] && [ ! -L "$place" ]; then
      [ ! -d "$entry" ] || { look_in "$entry" || exit; continue; }
    else
      is_ours "$path" && continue
    fi
    printf '%s' "$path"
    exit 1
  done
)

# The same for operations on standard input.
look_at() {
  while IFS= read -r line; do
    split "$line"
    parent_of "$path"
    while [ -n "$above" ]; do
      [ ! -L "$dir/$above" ] || { printf '%s' "$above"; return; }
      parent_of "$above"
    done
    [ -e "$dir/$path" ] || [ -L "$dir/$path" ] || continue
    if [ ! -d "$dir/$path" ] || [ -L "$dir/$path" ]; then is_ours "$path" && continue; fi
    printf '%s' "$path"
    return
  done
}

parent_of() { case $1 in */*) above=\${1%/*} ;; *) above= ;; esac; }

# Does the operations of the file $1 in DIR.
apply() {
  cd "$dir" || return 1
  kinds=$newline$(cut -d ' ' -f 1 "$1" | sort -u)$newline
  ! has save || sed -n 's/^save //p' "$1" | each save || return 1
  ! has drop || paths_of drop "$1" | xargs -0 rm -f || return 1
  ! has rmdir || paths_of rmdir "$1" | xargs -0 sh -c 'rmdir "$@" 2>/dev/null; :' sh
  [ ! -d "$run/tree" ] || ( cd "$run/tree" && put_tree . ) 2>&1 || { say failed apply 'the new files'; return 1; }
  ! has copy || sed -n 's/^copy //p' "$1" | each put || return 1
  ! has mode || sed -n 's/^mode //p' "$1" | each change_mode || return 1
}

has() { case $kinds in *"$newline$1$newline"*) ;; *) return 1 ;; esac; }

paths_of() { sed -n "s/^$1 - - /.\\//p" "$2" | tr '\\n' '\\000'; }

each() {
  while IFS= read -r line; do
    split "$line"
    kept=$objects/$hash
    "$1" || { say failed apply "$path"; return 1; }
  done
}

change_mode() { [ ! -e "./$path" ] || chmod "$mode" "./$path"; }

# Puts what the staged directory $1 holds into its like in DIR.
put_tree() (
  for entry in "$1"/*/ "$1"/.[!.]*/ "$1"/..?*/; do
    entry=\${entry%/}
    [ -d "$entry" ] && [ -d "$dir/$entry" ] || continue
    put_tree "$entry" && rmdir "$entry" || exit 1
  done
  cd "$1" || exit 1
  for entry in * .[!.]* ..?*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    find . ! -name . -prune -print0 | xargs -0 sh -c 'exec mv -f "$@" "$0"' "$dir/$1"
    exit
  done
)

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
  else
    cp "$source" "$run/copy" && chmod "$mode" "$run/copy" && mv -f "$run/copy" "./$path"
  fi
}
`;
