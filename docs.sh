#!/usr/bin/env bash
# Builds the documentation's site into artifacts/docs. See --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=eng/prepare.sh
source eng/prepare.sh

usage() {
  cat <<'TEXT'
usage: ./docs.sh

Builds the documentation's site into artifacts/docs: the pages of docs/, and the API of the libraries from their XML
documentation. It needs the .NET 10 SDK, and no root. A broken link or a missing reference ends it with an error.
To read the site, serve the folder, for example with: python3 -m http.server --directory artifacts/docs
TEXT
}

# The libraries whose public API has pages.
libraries=(Runtime Hosting Storage Overlay Erofs Remote)
site=artifacts/docs

main() {
  # docfx resolves links within one tree, and some pages and lists are generated: it works on a copy.
  copy=$box/docs
  mkdir -p "$copy"
  tar --create --exclude=bin --exclude=obj ./*.md LICENSE docs src/*/README.md samples benchmarks deploy | tar --extract --directory "$copy"
  cp -r docs/site/. "$copy"
  list_rules >"$copy/docs/diagnostics/toc.yml"

  say "Building the libraries."
  local library
  for library in "${libraries[@]}"; do
    [[ ! -d src/Snapshots.$library ]] || build_library "$library"
  done

  say "Building the site."
  quietly dotnet tool restore
  read_api
  quietly dotnet docfx build "$copy/docfx.json" --warningsAsErrors

  # The front page is the project's README.
  cp "$copy/site/README.html" "$copy/site/index.html"
  rm -rf "$site"
  mkdir -p "$(dirname "$site")"
  mv "$copy/site" "$site"
  say "The site is in $site."
}

# The sidebar of the rules, from the table of their pages.
list_rules() {
  sed -n 's/^| \[\(SNAP[0-9]*\)\](\(.*\)) | [a-z]* | \(.*\) |$/- name: "\1: \3"\n  href: \2/p' docs/diagnostics/README.md
}

# docfx finds the packages that a library references through its deps.json.
build_library() {
  local library=Snapshots.$1
  quietly dotnet build "src/$library" -c Release -o "$box/$library" "${build_options[@]}"
  mkdir -p "$copy/assemblies"
  cp "$box/$library/$library".{dll,xml,deps.json} "$copy/assemblies"
}

read_api() {
  local log=$box/api.log
  dotnet docfx metadata "$copy/docfx.json" >"$log" 2>&1 </dev/null || { cat "$log" >&2; fail "docfx cannot read the API."; }
  if grep -E '(warning|error)( [A-Za-z]+)?:' "$log"; then
    fail "docfx warns about the XML documentation."
  fi
  # The site links to no other host: types of .NET stay plain text.
  sed -i '/^ *href: https:/d' "$copy"/api/*.yml
}

case ${1:-} in
  '') ;;
  --help | -h)
    usage
    exit
    ;;
  *) fail "unknown argument $1; see --help." ;;
esac

require_dotnet
# In $TMPDIR, which test.sh sets.
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
main
