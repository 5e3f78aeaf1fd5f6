# shellcheck shell=bash
# What scripts/afterimage, scripts/test and samples/make-samples.sh share: checks for what is missing, and installs it. Sourced, not run.
# Everything is said on standard error. Stamps under .build/set-up keep a start with nothing missing under a tenth of a second.

checkout=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
stamps=$checkout/.build/set-up

# debian_packages GROUP: names, for building and running (run), for the tests (test), for making media (media).
debian_packages() {
  case $1 in
    run)
      echo git pkg-config python3 python3-pip ca-certificates libsqlite3-dev libopenblas-pthread-dev libtesseract-dev tesseract-ocr-eng
      echo libavdevice-dev libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libswresample-dev wordnet-base
      ;;
    media) echo ffmpeg espeak-ng fonts-dejavu-core ;;
    test) echo pocketsphinx-testdata "$(debian_packages media)" ;;
  esac
}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() { say "$*"; exit 1; }

# need_packages GROUP: installs the Debian packages of the group that are missing.
need_packages() {
  local stamp=$stamps/packages-$1 wanted have missing=() name
  [[ $stamp -nt /var/lib/dpkg/status && $stamp -nt ${BASH_SOURCE[0]} ]] && return
  read -r -d '' -a wanted < <(debian_packages "$1") || true
  if ! command -v dpkg-query >/dev/null; then
    [[ -e $stamp ]] || say "this is not Debian; the counterparts of these packages are needed: ${wanted[*]}"
    mkdir -p "$stamps" && touch "$stamp"
    return
  fi
  # shellcheck disable=SC2016 # the dollar signs are dpkg-query's
  have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
  for name in "${wanted[@]}"; do
    grep -qx "$name installed" <<<"$have" || missing+=("$name")
  done
  if ((${#missing[@]})); then
    local install=(apt-get install -y -q --no-install-recommends "${missing[@]}") as_root=()
    if ((EUID != 0)); then
      if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
        as_root=(sudo)
      else
        fail "missing Debian packages: ${missing[*]}. As root, run: apt-get update && ${install[*]}"
      fi
    fi
    say "installing Debian packages: ${missing[*]}"
    local log=$stamps/apt.log
    mkdir -p "$stamps"
    if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}"; } </dev/null >"$log" 2>&1; then
      grep -E '^(E|Err)' "$log" >&2 || tail -5 "$log" >&2
      fail "could not install: ${missing[*]}. The whole output is in $log"
    fi
  fi
  mkdir -p "$stamps" && touch "$stamp"
}

# need_models: installs the default weights once; they live outside the checkout and are shared by every clone.
need_models() {
  local root=${AFTERIMAGE_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/afterimage/models} stamp=$stamps/models
  if [[ -e $root/manifest.json && -e $stamp && $(<"$stamp") == "$root" ]] &&
    [[ -z $(find "$checkout/scripts/fetch-models" "$checkout/scripts/weights" -newer "$stamp" -print -quit) ]]; then
    return
  fi
  "$checkout/scripts/fetch-models" || exit 1
  mkdir -p "$stamps" && printf '%s\n' "$root" >"$stamp"
}

# need_swift: Swift 6.3 or later.
need_swift() {
  local version
  command -v swift >/dev/null || fail "Swift 6.3 or later is needed and there is no swift on PATH; see https://www.swift.org/install/linux"
  version=$(swift --version 2>/dev/null)
  [[ $version =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || fail "swift --version says nothing of a version: $version"
  ((BASH_REMATCH[1] > 6 || (BASH_REMATCH[1] == 6 && BASH_REMATCH[2] >= 3))) ||
    fail "Swift 6.3 or later is needed, this is ${BASH_REMATCH[1]}.${BASH_REMATCH[2]} ($(command -v swift))"
}

# need_release: builds .build/release/afterimage when a source is newer than it.
need_release() {
  local stamp=$stamps/release
  if [[ -e $stamp && -x $checkout/.build/release/afterimage ]] &&
    [[ -z $(find "$checkout/Sources" "$checkout/Package.swift" -newer "$stamp" -print -quit) ]]; then
    return
  fi
  need_swift
  say "building (the first time takes some minutes)"
  mkdir -p "$stamps" && touch "$stamp.new"
  swift build --package-path "$checkout" -c release --product afterimage </dev/null >&2 || fail "the build failed"
  mv "$stamp.new" "$stamp"
}
