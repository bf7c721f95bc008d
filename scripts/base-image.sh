#!/usr/bin/env bash
# Makes the image `airlock-base:latest`: a small Debian with the full python3, for steps that name no image.
# Does nothing when it is there; with --check it only says by its exit code whether that is so. Safe to run twice at once; killed half-way it leaves nothing that the next run does not remove.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/engine.sh
. "$here/engine.sh"

# Raise it when the recipe changes: the image is then made anew.
version=1
packages=python3,ca-certificates
image=airlock-base
label=dev.airlock.base
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

cache=$(cache_directory)
work=$cache/base.work

present() {
  if has docker; then
    [[ $(docker image inspect --format "{{index .Config.Labels \"$label\"}}" "$image:latest" 2>/dev/null) == "$version" ]]
  else
    engine_call "/images/$image:latest/json" 2>/dev/null | grep -q "\"$label\":\"$version\""
  fi
}

# debootstrap mounts /proc in the tree it makes; one that was killed leaves the mount behind.
remove_work() {
  [[ -e $work ]] || return 0
  local mount
  while read -r mount; do
    as_root umount -l "$mount"
  done < <(awk -v under="$work/" 'index($2, under) == 1 {print $2}' /proc/mounts | sort -r)
  as_root rm -rf --one-file-system "$work"
}

suite_and_mirror() {
  local codename
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  [[ -n $codename ]] || fail "the base image is made from Debian packages, and this system names no suite in /etc/os-release"
  # The mirror that this machine's apt uses; debootstrap's own default if that cannot be told.
  # shellcheck disable=SC2016 # apt's own variables
  printf '%s %s\n' "$codename" "$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
    awk -v suite="$codename" '$1 == suite && $2 == "main" {print $3; exit}')"
}

make_tree() {
  local suite mirror
  read -r suite mirror < <(suite_and_mirror)
  say "making the base image: debootstrap $suite with $packages (about a minute, once for this machine)"
  # Nobody needs its documentation, and no file in a sandbox may change who runs it.
  as_root debootstrap --variant=minbase --include="$packages" "$suite" "$work/root" ${mirror:+"$mirror"} >"$work/log" 2>&1 ||
    fail "debootstrap failed: $(tail -n 3 "$work/log" | tr '\n' ' ')"
  as_root rm -rf "$work/root/var/cache/apt" "$work/root/var/lib/apt/lists" "$work/root/var/log" "$work/root/usr/share/doc" \
    "$work/root/usr/share/man" "$work/root/usr/share/locale" "$work/root/etc/machine-id" "$work/root/etc/resolv.conf" \
    "$work/root/etc/hostname"
  as_root mkdir -p "$work/root/var/log" "$work/root/var/cache/apt/archives/partial" "$work/root/var/lib/apt/lists/partial"
  # Every file gets one time below: by hash, not by time, Python then knows that what it compiled is current.
  as_root chroot "$work/root" python3 -m compileall -q -f --invalidation-mode unchecked-hash /usr/lib/python3 \
    /usr/lib/python3.[0-9]* >>"$work/log" 2>&1 || fail "the base image's Python does not compile its library: see $work/log"
  as_root find "$work/root" -xdev -type f -perm /6000 -exec chmod u-s,g-s {} +
}

pack() {
  say "packing the base image"
  as_root tar --create --file "$work/base.tar" --directory "$work/root" --one-file-system --sort=name --numeric-owner \
    --mtime=@1767225600 --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' --exclude='./tmp/*' .
  as_root chown "$(id -u):$(id -g)" "$work/base.tar"
  mv "$work/base.tar" "$tar"
}

import() {
  say "importing the base image into the Docker engine"
  if has docker; then
    docker import --change "LABEL $label=$version" --change "ENV PATH=$path LANG=C.UTF-8" --change 'CMD ["/bin/sh"]' \
      "$tar" "$image:latest" >/dev/null || fail "the Docker engine did not take the base image"
    return
  fi
  engine_call "/images/create?fromSrc=-&repo=$image&tag=latest&changes=LABEL%20$label=$version&changes=ENV%20PATH=$path%20LANG=C.UTF-8" \
    --request POST --header 'Content-Type: application/x-tar' --header 'Expect:' --upload-file "$tar" >/dev/null ||
    fail "the Docker engine did not take the base image"
  present || fail "the Docker engine did not take the base image"
}

if [[ ${1:-} == --check ]]; then
  if engine_answers && present; then exit 0; fi
  exit 1
fi
engine_answers || fail "no Docker engine answers: start one, or run \`./airlock setup --docker\`"
if present; then exit 0; fi
has flock || fail "flock is missing: install util-linux"
mkdir -p "$cache"
tar=$cache/base-$version-$(uname -m).tar
exec 9>"$cache/base.lock"
if ! flock --nonblock 9; then
  say "another process makes the base image: waiting for it"
  flock 9
fi
if present; then exit 0; fi
if [[ ! -f $tar ]]; then
  has debootstrap || fail "debootstrap is missing: run \`./airlock setup\`"
  trap remove_work EXIT
  remove_work
  mkdir -p "$work"
  make_tree
  pack
fi
import
