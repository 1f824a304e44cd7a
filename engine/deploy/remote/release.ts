/**
 * Compose, and what makes a release one that can be gone back to. While the directory and the containers are being changed,
 * undo/ tells how to get back; whoever finds it without a living owner does that first.
 */
export const release = /* sh */ `
use_files() { COMPOSE_FILE=$1 COMPOSE_PATH_SEPARATOR='
' COMPOSE_PROJECT_NAME=$project; export COMPOSE_FILE COMPOSE_PATH_SEPARATOR COMPOSE_PROJECT_NAME; }

in_place() { cd "$dir" && exec "$@"; }

# ID RUNNING IMAGE-ID REFERENCE of every container of the project.
list_containers() {
  found=$(docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$project") || return
  [ -z "$found" ] || docker inspect --format '{{.Id}} {{.State.Running}} {{.Image}} {{.Config.Image}}' $found || :
}

images_of() { cut -d ' ' -f 3- "$1" | sort -u; }

# The containers as they are before their images may change, looked at while Compose reads its files.
begin_listing() { list_containers >"$run/containers" 2>/dev/null 3<&- & helper=$!; }

end_listing() {
  wait "$helper" || fail staging
  helper=
  sed -n 's/ true .*//p' "$run/containers" >"$run/running"
  images_of "$run/containers" >"$run/images-before" && mv "$run/images-before" "$state/undo/images" || fail staging
}

retag() {
  while read -r image reference; do
    case $reference in *@*|sha256:*|'') continue ;; esac
    docker tag "$image" "$reference" 2>&1 || say note "$reference"
  done
}

begin_change() {
  mkdir "$run/before" &&
    cp "$run/undo" "$run/before/plan" &&
    printf '%s' "$files" >"$run/before/new-files" || fail staging
  if [ -f "$state/current" ]; then
    line_of "$state/current"
    cp "$state/manifest" "$state/current" "$state/releases/$line/files" "$run/before" || fail staging
  fi
  mv "$run/before" "$state/undo" || fail staging
  [ -d "$dir" ] || ( umask 022; mkdir -p "$dir" ) || fail apply
}

containers() { docker ps -q --no-trunc --filter "label=com.docker.compose.project=$project"; }

# A container that outlived the change ($2: those before it) and mounts a single file of it ($1: the operations) sees the new
# content only after a restart.
restart_readers() {
  cut -d ' ' -f 4- "$1" >"$run/touched"
  outlived=$(containers | grep -xF -f "$2")
  [ -n "$outlived" ] || return 0
  readers=$(
    docker inspect --format '{{$id := .Id}}{{range .Mounts}}{{$id}} {{println .Source}}{{end}}' $outlived |
      while IFS= read -r line; do
        mounted=\${line#* }
        case $mounted in "$dir"/*) ! grep -qxF -e "\${mounted#"$dir"/}" "$run/touched" || echo "\${line%% *}" ;; esac
      done | sort -u
  )
  [ -z "$readers" ] || docker restart $readers >/dev/null 2>&1
}

quietly() { ( in_place "$@" ) </dev/null 2>&1 3<&- | relay; }

undo() {
  say stage restoring
  when_absent=0
  rm -rf "$run/tree" "$run/objects"/* # the disk may be full
  if [ -e "$state/undo/started" ] && [ ! -f "$state/undo/files" ]; then
    use_files "$(cat "$state/undo/new-files")"
    quietly $composer down --remove-orphans
  fi
  [ ! -d "$dir" ] || apply "$state/undo/plan" || { outcome=broken; return; }
  [ ! -f "$state/undo/images" ] || retag <"$state/undo/images" | relay
  if [ -e "$state/undo/started" ] && [ -f "$state/undo/files" ]; then
    use_files "$(cat "$state/undo/files")"
    containers >"$run/running"
    rm -f "$run/broken"
    { ( in_place $composer up -d --remove-orphans --no-build ) || : >"$run/broken"; } </dev/null 2>&1 3<&- | relay
    if [ -e "$run/broken" ]; then outcome=broken; return; fi
    restart_readers "$state/undo/plan" "$run/running"
  fi
  rm -f "$state/index"
  for record in manifest current; do
    if [ -f "$state/undo/$record" ]; then cp "$state/undo/$record" "$state/$record"; else rm -f "$state/$record"; fi
  done
  mv "$state/undo" "$state/undo.$$" && rm -rf "$state/undo.$$"
}

check_config() {
  ( in_place $composer config ) </dev/null >"$run/config.yml" 2>"$run/config.log" && return
  relay <"$run/config.log"
  fail config "$(head -n 1 "$run/config.log")"
}

get_images() {
  if [ -s "$run/images" ]; then retag <"$run/images"; return; fi
  [ "$pull" != always ] || watched in_place $composer pull || fail pull
  if [ -n "$build" ]; then
    if [ "$build" = no-cache ]; then set -- --no-cache; else set --; fi
    watched in_place $composer build "$@" || fail build
  fi
  sed -n 's/^ *image: *//p' "$run/config.yml" | tr -d "\\"'" | sort -u >"$run/wanted"
  xargs docker image inspect <"$run/wanted" >/dev/null 2>&1 && return
  while IFS= read -r image <&4; do
    docker image inspect "$image" >/dev/null 2>&1 || watched docker pull "$image" || fail pull "$image"
  done 4<"$run/wanted"
}

start() {
  : >"$state/undo/started"
  watched in_place $composer up -d --remove-orphans --no-build || fail up
  restart_readers "$run/plan" "$run/running" || fail up
}

commit() {
  kept=$state/releases/$id
  rm -f "$state/index"
  mkdir "$kept" && cp "$run/manifest" "$kept/manifest" && printf '%s' "$files" >"$kept/files" &&
    list_containers >"$run/containers" && images_of "$run/containers" >"$kept/images" && printf '%s %s\\n' "$(date +%s)" "$owner" >"$kept/info" &&
    cp "$run/manifest" "$run/new-manifest" && printf '%s' "$id" >"$run/new-current" &&
    mv "$run/new-manifest" "$state/manifest" && mv "$run/new-current" "$state/current" || { rm -rf "$kept"; fail commit; }
  mv "$state/undo" "$state/undo.$$" && rm -rf "$state/undo.$$"
  outcome=succeeded
  if [ -n "$exact" ]; then
    printf '%s\\n' "$stats" >>"$run/put-stats"
    ( cd "$dir" && stat_files "$state/manifest" ) | grep -xF -f "$run/put-stats" >"$run/index" && mv "$run/index" "$state/index"
  fi
  ls "$state/releases" | sort -r | sed "1,\${keep}d" | while IFS= read -r old; do rm -rf "$state/releases/$old"; done
  cat "$state"/releases/*/manifest | cut -d ' ' -f 2 | sort -u >"$run/needed"
  ls "$objects" | grep -vxF -f "$run/needed" | while IFS= read -r old; do rm -f "$objects/$old"; done
}
`;
