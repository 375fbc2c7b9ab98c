#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cat >"$1/usual" <<'F'
users:
   - default
disable_root: true
cloud_init_modules:
 - migrator
 - [ growpart, always ]
 - name: resizefs
   frequency: once
growpart:
  mode: 'off' # why
  devices: ["/", '/home']
  ignore_growroot_disabled: false
resize_rootfs: noblock
F
cat >"$1/flow" <<'F'
---
cloud_init_modules: [a, [growpart, once],
  "resizefs"]
growpart: {mode: auto, devices: [/]}
runcmd: |
  x: [
 "q": 'it''s'
F
cat >"$1/first-boot" <<'F'
base: &b {datasource_list: [NoCloud, None]}
<<: [*b, {resize_rootfs: false}]
datasource: {NoCloud: {seedfrom: /x}}
network: {config: disabled}
users: default
ssh_genkeytypes: [rsa, ed25519]
F
