#!/usr/bin/env bash
# Starts again what ended by itself of the parts of one mesh, and stops the mesh when the one that it belongs to is
# gone. The launcher leaves it behind: ./dev shows and stops it as "supervisor". Usage: supervise.sh STATE HOME LAUNCHER…
#
# What is in the register should run: a part that was stopped by hand is not in it. A part that ends again and again
# is started at ever longer intervals. Bash, because it runs as long as the mesh: 4 MB, where a JVM takes 40.
set -u

state=$1
home=$2
launcher=("${@:3}")
longest_pause=30 # seconds; when a full disk has space again nobody wants to wait for longer
steady=60        # seconds after which a part counts as sound

declare -A pause due
child=''
trap '[[ -z $child ]] || kill "$child" 2>/dev/null; exit 0' TERM INT HUP
exec {never}<> <(:) # a read from it ends with its time, and needs no process as sleep does

say() { printf '%(%FT%TZ)T  %s\n' -1 "$*"; }

# Whether the process with this pid is still the one that started at that tick: /proc/PID/stat, field 22. A zombie is not.
runs() { # runs PID TICK
  local line fields
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # Its name may hold blanks and brackets. What is behind it is a letter and numbers.
  # shellcheck disable=SC2206
  fields=(${line##*) })
  [[ ${fields[0]} != [ZX] && ${fields[19]} == "$2" ]]
}

# Runs the launcher so that a signal does not wait for its end.
launch() {
  "${launcher[@]}" "$1" --home "$home" --state "$state" "${@:2}" &
  child=$!
  wait "$child"
  child=''
}

look_at() { # look_at NAME
  local name=$1 kind pid tick
  read -r kind pid tick <"$state/processes/$name" || return 0
  if runs "$pid" "$tick"; then
    [[ -z ${due[$name]:-} ]] || ((SECONDS < due[$name] + steady)) || unset "pause[$name]" "due[$name]"
    return
  fi
  ((SECONDS >= ${due[$name]:-0})) || return 0
  pause[$name]=$((${pause[$name]:-0} == 0 ? 1 : pause[$name] * 2))
  ((pause[$name] <= longest_pause)) || pause[$name]=$longest_pause
  say "$name ended"
  launch revive "$name"
  due[$name]=$((SECONDS + pause[$name]))
}

while [[ -d $state/processes ]]; do
  read -r -t 1 -u "$never"
  read -r phase owner tick <"$state/supervision" || continue
  if [[ $phase != detached ]] && ! runs "$owner" "$tick"; then
    say "the process that the mesh belongs to is gone"
    exec "${launcher[@]}" down --home "$home" --state "$state"
  fi
  [[ $phase != starting ]] || continue
  for record in "$state"/processes/*; do
    [[ ! -e $record || $record == */supervisor ]] || look_at "${record##*/}"
  done
done
