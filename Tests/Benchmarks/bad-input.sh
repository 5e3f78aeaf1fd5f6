#!/usr/bin/env bash
# bad-input.sh PROGRAM GOOD_FILE: gives PROGRAM every kind of bad input while a memory of GOOD_FILE exists; prints for each case the
# command, its line on stderr, its exit code, and whether `memory verify` still finds the memory clean. Root, for the full disk.
set -uo pipefail
program=$(realpath "$1"); good=$(realpath "$2")
work=$(mktemp -d); cd "$work" || exit 1
undo() { umount "$work/full" 2>/dev/null; rm -rf "$work"; }
trap undo EXIT
failures=0

"$program" watch "$good" --memory kept.memory --quiet >/dev/null 2>&1 || { echo "cannot watch $good"; exit 1; }
before=$("$program" memory export --json --memory kept.memory | sha256sum)

try() { # TITLE COMMAND…
  local title=$1; shift
  local out code lines verify after
  out=$(timeout 60 "$@" 2>&1 >/dev/null </dev/null); code=$?
  lines=$(grep -c . <<<"$out")
  verify=$("$program" memory verify --memory kept.memory >/dev/null 2>&1 && echo clean || echo BROKEN)
  after=$("$program" memory export --json --memory kept.memory | sha256sum)
  [ "$before" = "$after" ] || verify="$verify, CHANGED"
  if [ "$code" -eq 0 ] || [ "$code" -ge 124 ] || [ "$lines" -ne 1 ] || [ "$verify" != clean ]; then failures=$((failures + 1)); title="!! $title"; fi
  printf '%s\n  $ %s\n  %s\n  exit %d, memory %s\n' "$title" "${*/$program/afterimage}" "$out" "$code" "$verify"
}
watch() { try "$1" "$program" watch "$2" --memory "${3:-kept.memory}"; }

watch "missing file" nothing.mp4
mkdir folder; watch "directory" folder
: >empty.mp4; watch "empty file" empty.mp4
head -c 200000 /dev/urandom >random.mp4; watch "random bytes" random.mp4
ffmpeg -v error -f lavfi -i testsrc=d=10:s=320x240:r=10 -pix_fmt yuv420p plain.mp4
head -c $(($(stat -c %s plain.mp4) * 6 / 10)) plain.mp4 >cut.mp4; watch "truncated MP4 without index" cut.mp4
yes "This is a text." | head -500 >text.mp4; watch "text renamed to .mp4" text.mp4
cp text.mp4 text.txt; watch "a text file" text.txt
printf '\x47\x40\x00\x10' >none.ts; head -c 20000 /dev/zero >>none.ts; watch "no streams" none.ts
printf '1\n00:00:00,000 --> 00:00:02,000\nhello\n' >only.srt; watch "nothing to see or hear" only.srt
ffmpeg -v error -f lavfi -i color=s=64x64:d=1:r=1 -c:v png -f image2 small.png
python3 - <<'P'
import struct, zlib
data = bytearray(open('small.png', 'rb').read())
data[16:24] = struct.pack('>II', 16384, 16384)
data[29:33] = struct.pack('>I', zlib.crc32(bytes(data[12:29])))
open('huge.png', 'wb').write(data)
P
watch "16384x16384 header" huge.png
mkdir -p models/whisper-base; models=${AFTERIMAGE_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/afterimage/models}
for m in "$models"/*/; do m=$(basename "$m"); [ "$m" = whisper-base ] || ln -s "$models/$m" "models/$m"; done
cp "$models/whisper-base/"*.json models/whisper-base/; head -c 100000 "$models/whisper-base/model.safetensors" >models/whisper-base/model.safetensors
try "a broken model file" env AFTERIMAGE_MODELS="$work/models" "$program" watch "$good" --memory kept.memory --name again
mkdir other; echo hello >other/notes.txt; watch "a folder that is not a memory" "$good" other
echo hello >file.memory; watch "a file that is not a memory" "$good" file.memory
mkdir foreign; python3 -c "import sqlite3; c=sqlite3.connect('foreign/memory.sqlite'); c.execute('create table t(x)'); c.commit()"
watch "a database that is not a memory" "$good" foreign
cp -r kept.memory newer.memory
python3 - <<'P'
import sqlite3
c = sqlite3.connect('newer.memory/memory.sqlite')
c.execute("pragma user_version = 99")
c.commit()
P
watch "a memory from a newer version" "$good" newer.memory
try "asking a memory from a newer version" "$program" ask "what?" --memory newer.memory
try "asking where there is no memory" "$program" ask "what?" --memory nowhere.memory
mkdir full; mount -t tmpfs -o size=300k tmpfs full 2>/dev/null && watch "a full disk" "$good" full/m.memory
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"; mkdir closed; chown root closed; chmod 555 closed
  # Whoever may write nothing here may not read the folder that PROGRAM was built in either.
  install -m 755 "$program" afterimage; install -m 644 "$good" good.mp4
  try "no write permission" setpriv --reuid=65534 --clear-groups env HOME="$HOME" AFTERIMAGE_MODELS="$models" ./afterimage watch good.mp4 --memory closed/m.memory
fi
printf 'reader:\n  samples_per_second: fast\n' >bad.yaml; try "a malformed pipeline: wrong type" "$program" watch "$good" --memory kept.memory --pipeline bad.yaml
printf 'nonsense: 1\n' >bad2.yaml; try "a malformed pipeline: unknown key" "$program" watch "$good" --memory kept.memory --pipeline bad2.yaml
printf 'a: [1, 2\n' >bad3.yaml; try "a malformed pipeline: not YAML" "$program" watch "$good" --memory kept.memory --pipeline bad3.yaml

ffmpeg -v error -f lavfi -i testsrc=d=20:s=320x240:r=10 -pix_fmt yuv420p -movflags +faststart long.mp4
head -c $(($(stat -c %s long.mp4) * 6 / 10)) long.mp4 >cut-indexed.mp4
echo "truncated MP4 with index (read up to the cut)"
"$program" watch cut-indexed.mp4 --memory kept.memory; echo "  exit $?"
"$program" memory verify --memory kept.memory
echo "$failures cases fell short"
exit $((failures > 0))
