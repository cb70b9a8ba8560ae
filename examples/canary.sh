#!/bin/sh
# One look at a canary, after its window: do its logins fail more than those of the other pods in
# the same time? Both sides see the same hours, the same WeChat and the same users, so what differs
# is the release. Looking again and again until it fails, or passes, would make either likely.
#
#   canary.sh LOGS...
#
# Exits 0 to promote, 1 to roll back, 4 to leave it running: too few logins to tell.
set -u
config=$(dirname "$0")/canary.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

scanlens baseline create "$@" --where 'pod!~canary' --config "$config" --out "$work/stable.json" ||
  exit $?
scanlens gate "$@" --where 'pod~canary' --config "$config" --baseline "$work/stable.json"
verdict=$?

case $verdict in
  0) echo 'canary: promote' ;;
  1) echo 'canary: roll back' ;;
  4) echo 'canary: too few logins to tell, let it run' ;;
  *) echo 'canary: the gate could not run' >&2 ;;
esac
exit $verdict
