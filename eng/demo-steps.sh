# shellcheck shell=bash
# How the demos show what they do. Sourced after eng/prepare.sh.

step() {
  if [[ -t 1 ]]; then
    printf '\n\e[1m== %s ==\e[0m\n' "$*"
  else
    printf '\n== %s ==\n' "$*"
  fi
}

# Shows a command line, the box as $box, and runs it.
show() {
  printf '$ %s\n' "${*//"$box"/\$box}"
  "$@" | sed "s|$box|\$box|g"
}

# Kills the snapshotter, starts it again, and runs the image, which must print the same as in $box/output.
# shellcheck disable=SC2154 # The demos set image and snapshotter_id.
run_after_kill() {
  { kill -KILL "$snapshotter_id" && wait "$snapshotter_id"; } 2>/dev/null || true
  start_snapshotter
  wait_for 30 "containerd to reach the snapshotter again" "$snapshotter_id" ctr snapshots ls
  show ctr run --rm "$image" demo >"$box/output-again"
  cmp --silent "$box/output" "$box/output-again" || fail "the container printed something else: $(cat "$box/output-again")"
  say "The container printed the same."
}

stop() {
  local name=$1 id=$2 status=0
  kill -TERM "$id"
  wait "$id" || status=$?
  say "$name ended with exit code $status."
  [[ $status == 0 ]] || fail "$name should end with 0."
}

show_logs_on_failure() {
  [[ $1 == 0 ]] && return
  local log
  for log in "$box"/{snapshotter,containerd}.log; do
    [[ -s $log ]] && printf '\n-- the end of %s --\n' "${log##*/}" && tail -n 30 "$log"
  done >&2
}
