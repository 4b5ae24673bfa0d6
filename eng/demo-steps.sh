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
