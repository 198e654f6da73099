# Shared by ./run, ./reviewer and ./test: what a fresh Debian must have, said in one sentence each when it is missing.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# No diagnostics socket: a debugger that attaches to the server could read memory.
export DOTNET_EnableDiagnostics=0
# A build server left behind would outlive this script.
export MSBUILDDISABLENODEREUSE=1

die() { printf '%s\n' "$*" >&2; exit 1; }

require_dotnet() {
  command -v dotnet >/dev/null 2>&1 || die "The .NET 10 SDK is missing: install the package dotnet-sdk-10.0 (https://dotnet.microsoft.com/download/dotnet/10.0), then run this again."
  dotnet --list-sdks | grep -qE '^10\.' || die "The .NET 10 SDK is missing; found only: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' '). Install dotnet-sdk-10.0, then run this again."
}

require_node() {
  command -v node >/dev/null 2>&1 || die "Node.js 20 or newer is missing: it builds the page. Install the packages nodejs and npm, then run this again."
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || die "Node.js 20 or newer is needed to build the page; this is $(node --version)."
  command -v npm >/dev/null 2>&1 || die "npm is missing: install the package npm, then run this again."
}

# npm_install DIR: exactly what the lock file says, once per lock file.
npm_install() {
  local stamp="$1/node_modules/.installed"
  if [ ! -f "$stamp" ] || ! cmp -s "$1/package-lock.json" "$stamp"; then
    npm ci --prefix "$1" --no-audit --no-fund --ignore-scripts --loglevel=error >&2 || return 1
    cp "$1/package-lock.json" "$stamp"
  fi
}

# build_page: server/wwwroot/page.html and page.csp.
build_page() { npm_install server/Web && npm run --silent --prefix server/Web build >&2; }
