# SPDX-License-Identifier: LGPL-2.1-or-later
"""The offline suite: a Debian root on a disk image, made without a boot, broken case by case, and judged."""
