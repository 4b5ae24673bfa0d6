# shellcheck shell=bash
# Mutation tests: Stryker breaks one condition at a time, and says which breaks no test notices. Sourced after prepare.sh.

# The places where a wrong condition is dear: a folder, and the project that it is in.
declare -A mutant_places=(
  [Errors]=Snapshots.Runtime
  [Filters]=Snapshots.Runtime
  [Limits]=Snapshots.Runtime
  [Rules]=Snapshots.Storage
  [Shapes]=Snapshots.Generator
)

list_places() { printf '%s\n' "${!mutant_places[@]}" | sort | paste -s -d ' '; }

# run_mutants [PLACE]: one place, or all of them; ends with a line for each.
run_mutants() {
  local place places=("$@") scores=()
  [[ ${#places[@]} != 0 ]] || read -ra places < <(list_places)
  for place in "${places[@]}"; do
    check_place "$place"
  done

  quietly dotnet tool restore
  for place in "${places[@]}"; do
    say "Breaking $place of ${mutant_places[$place]}."
    mutate "$place"
    scores+=("$place: $(score "artifacts/mutants/$place/reports/mutation-report.json")")
  done
  say "What no test noticed is in artifacts/mutants/PLACE/reports/mutation-report.html."
  printf '%s\n' "${scores[@]}"
}

check_place() {
  local project=${mutant_places[$1]:-}
  [[ -n $project ]] || fail "there is no place $1; the places are $(list_places)"
  [[ -n $(find "src/$project" -type d -name "$1" -not -path '*/obj/*') ]] ||
    fail "src/$project has no folder $1: correct the places in eng/mutants.sh."
}

# Stryker starts in the folder of the project that has the tests.
mutate() {
  local project=${mutant_places[$1]} output=$PWD/artifacts/mutants/$1 tests
  tests=$(find tests -name "$project.Tests.csproj")
  [[ -n $tests ]] || fail "there is no $project.Tests.csproj in tests."
  rm -rf "$output"
  (
    cd "$(dirname "$tests")"
    UseSharedCompilation=false nice -n 19 dotnet stryker --project "$project.csproj" --mutate "**/$1/**/*.cs" \
      --test-case-filter 'TestCategory!=Root' --output "$output" --reporter html --reporter json --reporter progress \
      --break-at 0 --skip-version-check </dev/null
  ) || fail "Stryker could not test $1."
}

# A break that makes the tests hang is noticed, too; one that does not compile is no break.
score() {
  grep -o '"status": *"[A-Za-z]*"' "$1" | cut -d '"' -f 4 | awk '
    { count[$1]++ }
    END {
      noticed = count["Killed"] + count["Timeout"]; missed = count["Survived"] + count["NoCoverage"]
      if (noticed + missed == 0) print "nothing to break"
      else printf "%.1f %% noticed: %d of %d\n", 100 * noticed / (noticed + missed), noticed, noticed + missed
    }'
}
