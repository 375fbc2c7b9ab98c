#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints the page's style sheet as a C string: embed.sh page.css
set -eu
echo '#include "report/html.h"'
echo 'const char br_page_style[] ='
sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/' "$1"
echo ';'
