#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
printf 'users: x\ndatasource_list: [ "A", B, \\\n None ] # c\n' >"$1/list"
printf '# c\npolicy: "search,notfound=enabled"\n datasource : Ec2\nDI_DSLIST_DEFAULT="A \\\nB"\n' >"$1/identify"
printf 'SELINUX= enforcing\n SELINUXTYPE=mls\nCONFIG_SECURITY_SELINUX=y\nCONFIG_LSM="yama,selinux"\n' >"$1/selinux"
printf '__VERSION__ = "22.4.2"\nvr.StrictVersion("0.7.5")\n' >"$1/version"
