# SPDX-License-Identifier: LGPL-2.1-or-later
"""Images as vendors ship them, rendered from what is known of them into a disk and a root, broken, and judged."""
