#!/usr/bin/env bash
# interruptions.sh PROGRAM FILE [TIMES]: watches FILE once undisturbed, then TIMES (10) times with SIGINT and TIMES times with SIGKILL at
# random moments, each followed by runs that finish it, and compares what is remembered. Exit 1 when any differs.
set -uo pipefail
program=$(realpath "$1"); file=$(realpath "$2"); times=${3:-10}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work" || exit 1
contents() { "$program" memory export --json --memory "$1" | python3 -c '
import json, sys
def strip(x):
    if isinstance(x, dict): return {k: strip(v) for k, v in x.items() if k not in ("startedAt", "thumbnail")}
    return [strip(v) for v in x] if isinstance(x, list) else x
print(json.dumps(strip(json.load(sys.stdin)), sort_keys=True))' | sha256sum | cut -c1-16; }
started=$(date +%s.%N)
"$program" watch "$file" --memory whole.memory --quiet || exit 1
length=$(echo "$(date +%s.%N) - $started" | bc)
reference=$(contents whole.memory); echo "undisturbed: $reference (${length} s)"
RANDOM=${SEED:-2026}; bad=0
for signal in INT KILL; do
  for i in $(seq "$times"); do
    delay=$(echo "scale=3; 0.3 + ($length - 0.5) * $RANDOM / 32768" | bc)
    rm -rf cut.memory
    "$program" watch "$file" --memory cut.memory --quiet 2>/dev/null & pid=$!
    sleep "$delay"; kill -$signal $pid 2>/dev/null; wait $pid 2>/dev/null; code=$?
    "$program" memory verify --memory cut.memory >verify.txt 2>&1; verified=$?
    "$program" watch "$file" --memory cut.memory --quiet; finished=$?
    got=$(contents cut.memory)
    if [ "$got" = "$reference" ]; then verdict=same; else verdict=DIFFERENT; bad=$((bad + 1)); fi
    echo "SIG$signal $i after $delay s: exit $code, verify $verified, second run $finished, contents $verdict"
  done
done
exit $((bad > 0))
