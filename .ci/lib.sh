# Shared by the scripts beside it; sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
export PATH="$root/.tools/bin:$root/.tools/typos/bin:$PATH"
# Where cargo puts what it builds.
target=${CARGO_TARGET_DIR:-$root/target}

say() { printf '%s\n' "$*" >&2; }
die() {
  say "picket: $*"
  exit 1
}
in_ci() { [[ ${CI:-} == true || ${CI:-} == 1 ]]; }

# A missing part is a counted skip on a developer's machine and a failure in CI: a green CI must mean that everything ran.
# The file is the one the test programs count in, too (tests/support).
export PICKET_SKIPS_FILE=${PICKET_SKIPS_FILE:-$target/picket-skips}
skip() { # what why-and-next-step
  if in_ci; then
    say "FAILED: $1: $2 (in CI nothing may be skipped)"
    return 1
  fi
  say ""
  say "  !!  SKIPPED: $1: $2"
  say ""
  mkdir -p "$(dirname "$PICKET_SKIPS_FILE")"
  printf '%s: %s\n' "$1" "$2" >>"$PICKET_SKIPS_FILE"
}

# ---- the steps of a run, remembered for the closing summary -------------------------------------------------------

step_names=()
step_results=()
step_seconds=()
failed_steps=0

# Runs a command as a named step. A failed step is remembered and does not end the run: one run should show everything
# that is wrong. Where going on makes no sense, the caller looks at step_code.
#
# Call it plainly, never with `||` or in an `if`: there bash would ignore `set -e` in everything the step does.
step_code=0
step() { # name command...
  local name=$1 begin=$SECONDS
  shift
  say ""
  say "== $name"
  set +e
  (
    set -e
    "$@"
  )
  step_code=$?
  set -e
  step_names+=("$name")
  step_seconds+=($((SECONDS - begin)))
  if ((step_code == 0)); then
    step_results+=(ok)
  else
    step_results+=("FAILED ($step_code)")
    failed_steps=$((failed_steps + 1))
    say "== $name: FAILED with exit code $step_code"
  fi
}

summary() { # title
  local i count=0
  say ""
  say "== $1"
  for i in "${!step_names[@]}"; do
    printf '   %-44s %5ss  %s\n' "${step_names[i]}" "${step_seconds[i]}" "${step_results[i]}" >&2
  done
  printf '   %-44s %5ss\n' "all" "$SECONDS" >&2
  if [[ -s $PICKET_SKIPS_FILE ]]; then
    count=$(sort -u "$PICKET_SKIPS_FILE" | wc -l)
    say ""
    say "   $count SKIPPED, so not proven here:"
    sort -u "$PICKET_SKIPS_FILE" | sed 's/^/   - /' >&2
  fi
  say ""
  if ((failed_steps > 0)); then
    say "   $failed_steps of ${#step_names[@]} steps FAILED. Each says above why; look for '== <name>: FAILED'."
  elif ((count > 0)); then
    say "   Everything that ran is fine."
  else
    say "   Everything is fine."
  fi
}

# ---- the web UI --------------------------------------------------------------------------------------------------

# Exactly what the lock file says, and only when it says something else than last time.
# Not `npm ci`: it wants an entry for each platform's variant of a package, also of those a registry does not carry.
lock_matches_package_json() {
  node -e '
    const asked = require("./ui/package.json"), locked = require("./ui/package-lock.json").packages[""];
    const same = (kind) => JSON.stringify(asked[kind] ?? {}) === JSON.stringify(locked[kind] ?? {});
    process.exit(same("dependencies") && same("devDependencies") ? 0 : 1);
  ' || {
    say "ui/package-lock.json does not belong to ui/package.json. Run npm install in ui/ and commit both."
    return 1
  }
}

ui_packages() {
  local stamp=ui/node_modules/.picket-lock sum
  sum=$(sha256sum ui/package-lock.json | cut -d' ' -f1)
  [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return 0
  say "installing the npm packages of ui/package-lock.json"
  lock_matches_package_json || return 1
  (cd ui && npm install --no-save --no-audit --no-fund --loglevel=error </dev/null >/dev/null) ||
    die "npm could not install the packages of ui/. Its reason is above; most often it is the network or an old npm."
  printf '%s\n' "$sum" >"$stamp"
}

# The window embeds ui/dist, and cargo compiles it again when the files there are newer. So the UI is built only when
# something it is made of has changed, by content: a branch switched to and back costs nothing.
ui_build() {
  local stamp=ui/node_modules/.picket-dist sum
  sum=$(find ui \( -path ui/node_modules -o -path ui/dist \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
  [[ -f ui/dist/index.html && -f $stamp && $(<"$stamp") == "$sum" ]] && return 0
  say "building the web UI"
  (cd ui && npm run --silent build </dev/null) || {
    say "The web UI does not build; the reason is above."
    return 1
  }
  printf '%s\n' "$sum" >"$stamp"
}

services() { "$root/tests/services/services" "$@"; }

# Cargo is always asked for the same set of packages. A part of the workspace would unify the features of the shared
# packages differently, and most of them would be compiled a second time.
cargo_build_everything() { cargo build --locked --workspace --all-targets; }
