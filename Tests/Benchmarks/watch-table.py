#!/usr/bin/env python3
"""watch-table.py PROGRAM MEMORY FILE...: watches the files into a new memory in one run and prints a table of what it cost and held.

Wall time and resident memory are the operating system's; the rest is `memory info --json`."""
import json, os, resource, subprocess, sys, time

program, memory, files = sys.argv[1], sys.argv[2], sys.argv[3:]
started = time.monotonic()
code = subprocess.run([program, "watch", *files, "--memory", memory, "--json"], stdout=open(memory + ".watch.jsonl", "w")).returncode
wall = time.monotonic() - started
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
info = json.loads(subprocess.check_output([program, "memory", "info", "--memory", memory, "--json"]))
print(json.dumps(info, indent=1), file=open(memory + ".info.json", "w"))
print(f"exit {code}, wall {wall:.1f} s, user+sys {usage.ru_utime + usage.ru_stime:.1f} s, peak resident {usage.ru_maxrss / 1024:.0f} MB")
