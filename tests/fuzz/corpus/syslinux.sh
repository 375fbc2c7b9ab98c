#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Configurations as Alpine and others write them, and the patch area of an ldlinux.sys.
set -euo pipefail
cd "$1"
printf 'DEFAULT menu.c32\nPROMPT 0\nMENU TITLE x\nTIMEOUT 10\nLABEL lts\n  MENU DEFAULT\n  MENU LABEL ^Linux lts\n  LINUX vmlinuz-lts\n  INITRD initramfs-lts\n  APPEND root=UUID=x ro\nMENU SEPARATOR\n' > alpine
printf 'UI menu.c32\nONTIMEOUT b\nTIMEOUT 5\nMENU BEGIN x\nLABEL a\nKERNEL ../a.c32 y\nMENU END\nINCLUDE again\nMENU INCLUDE again z\nTEXT HELP\nx\nENDTEXT\nLABEL b\nMENU HIDE\nMENU PASSWD p\n' > menus
printf 'DEFAULT /../../vmlinuz a=b\nIMPLICIT 1\nPROMPT 1\nTOTALTIMEOUT 9\nAPPEND -\n' > file
{ head -c 24 /dev/zero; printf '\xfe\x02\xb2\x3e'; head -c 18 /dev/zero; printf '\x40\x00'; head -c 18 /dev/zero; printf '\x80\x00\x60\x00\x10\x00'; head -c 400 /dev/zero; } > ldlinux
