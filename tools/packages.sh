# Sourced by ./run: installs the Debian packages that are missing for a purpose.
# shellcheck shell=bash
: "${root:?is set by ./run}"

# installed_packages: names of all packages whose files are in place, one a line.
installed_packages() {
  dpkg-query -W -f='${Package} ${db:Status-Status}\n' 2>/dev/null | awk '$2 == "installed" { print $1 }'
}

# missing_packages PURPOSE...: what tools/debian-packages.txt lists for these and is not there.
missing_packages() {
  local package purpose command installed
  installed=$'\n'$(installed_packages)$'\n'
  while read -r package purpose command; do
    [[ -z $package || $package == \#* ]] && continue
    [[ " $* " == *" $purpose "* ]] || continue
    [[ $installed == *$'\n'"$package"$'\n'* ]] && continue
    [[ -n $command ]] && command -v "$command" >/dev/null 2>&1 && continue
    printf '%s\n' "$package"
  done <"$root/tools/debian-packages.txt" | sort -u
}

# need PURPOSE...: returns when everything is installed, else ends the script with the remedy.
need() {
  local -a missing as_root=()
  if ! command -v dpkg-query >/dev/null 2>&1; then
    note "this is no Debian system: the packages of tools/debian-packages.txt are taken as installed"
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null 2>&1; then
      die "these Debian packages are missing and neither root nor sudo is here; as root, run:" \
        "  apt-get update && $install"
    fi
    as_root=(sudo)
  fi
  note "installing ${#missing[@]} Debian packages: ${missing[*]}"
  if ! install_packages; then
    die "apt-get failed (its last lines are above); once that is solved, run ./run again, or as root:" \
      "  apt-get update && $install"
  fi
  # What CMake has not found before may be there now (read by tools/build.sh).
  # shellcheck disable=SC2034
  packages_came=1
}

# install_packages: uses `as_root` and `missing` of need().
install_packages() {
  local log policy=/usr/sbin/policy-rc.d blocked=0 result=0
  log=$(mktemp)
  # Services that come with packages (redis-server, prometheus) are neither started nor enabled:
  # only their programs are used. policy-rc.d is Debian's own way to say so.
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    blocked=1
  fi
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
    </dev/null >"$log" 2>&1 || result=$?
  if ((blocked)); then
    "${as_root[@]}" rm -f "$policy"
    disable_services
  fi
  ((result == 0)) || tail -n 15 "$log" >&2
  rm -f "$log"
  return "$result"
}

disable_services() {
  local package
  command -v systemctl >/dev/null 2>&1 || return 0
  for package in "${missing[@]}"; do
    [[ $package == redis-server || $package == prometheus ]] || continue
    "${as_root[@]}" systemctl disable "$package.service" >/dev/null 2>&1 || true
  done
}
