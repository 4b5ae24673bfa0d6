# shellcheck shell=bash
# How test.sh runs tests, counts them and reports which lines they ran. Sourced after prepare.sh.
# shellcheck disable=SC2154 # prepare.sh sets box.

# run_tests [OPTION...]: runs the tests of Snapshots.sln, which is built; one that hangs for 20 minutes is named and ended.
# Sets the exit code's variable $test_status.
run_tests() {
  test_status=0
  dotnet test Snapshots.sln --no-build --nologo "$@" \
    -maxcpucount:2 -nodeReuse:false -tl:off --blame-hang-timeout 20m --blame-hang-dump-type none \
    --results-directory "$box/results" --logger trx --logger "console;verbosity=minimal" </dev/null || test_status=$?
}

# The sum of one counter, over the trx files of all projects.
sum() {
  find "$box/results" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} + 2>/dev/null |
    sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | { local sum=0 n; while read -r n; do sum=$((sum + n)); done; echo "$sum"; }
}

# Prints the last line, "N passed, N failed, N skipped", and ends the script where a test has failed or none has run.
report_tests() {
  local status=$test_status total executed passed failed
  total=$(sum total) executed=$(sum executed) passed=$(sum passed)
  # Timeouts, errors and aborted tests are failures too.
  failed=$((executed - passed))

  if [[ $executed == 0 ]]; then
    say "No test ran."
    status=1
  elif [[ $status != 0 && $failed == 0 ]]; then
    say "No test failed, yet dotnet test ended with exit code $status: a test host may have crashed."
  fi
  say "$passed passed, $failed failed, $((total - executed)) skipped"
  [[ $status == 0 && $failed == 0 ]] || exit 1
}

# Merges what the projects have measured into pages, and prints how much is covered.
report_coverage() {
  rm -rf artifacts/coverage
  quietly dotnet tool restore
  quietly dotnet reportgenerator -reports:"$box/results/*/coverage.cobertura.xml" -targetdir:artifacts/coverage \
    -reporttypes:'Html;TextSummary' -title:Snapshots
  ! grep -q '^ *Assemblies: 0$' artifacts/coverage/Summary.txt || fail "the tests ran, and no line was measured."
  grep -E '^ *(Line|Branch) coverage:' artifacts/coverage/Summary.txt
  say "The lines that no test ran are in artifacts/coverage/index.html."
}
