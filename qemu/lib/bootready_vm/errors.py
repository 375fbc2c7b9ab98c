# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can go wrong, by exit status."""


class UsageError(Exception):
    """The caller asked for something that cannot be: one line that also says what would be right. Exit 64."""


class HarnessError(Exception):
    """The harness itself could not do its work (QEMU missing, no room...). Exit 70."""
