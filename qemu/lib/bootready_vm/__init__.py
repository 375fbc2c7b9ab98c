# SPDX-License-Identifier: LGPL-2.1-or-later
"""Boots a disk image in QEMU and tells how far it came. Python's standard library only."""
