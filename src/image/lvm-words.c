/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of LVM's texts, which metadata, lvm.conf and the devices file have in common. */
#include <string.h>

#include "image/lvm.h"

static void skip_blank(struct br_lvm_words *w)
{
	while (w->at < w->end) {
		if (*w->at == '#') {
			while (w->at < w->end && *w->at != '\n')
				w->at++;
		} else if (strchr(" \t\r\n,", *w->at) && *w->at) {
			w->at++;
		} else {
			return;
		}
	}
}

void br_lvm_word(struct br_lvm_words *w)
{
	size_t n = 0;
	bool quoted;

	skip_blank(w);
	w->kind = 0;
	w->word[0] = '\0';
	if (w->at == w->end || !*w->at)
		return;
	if (strchr("{}[]=", *w->at)) {
		w->kind = *w->at++;
		return;
	}
	quoted = *w->at == '"';
	w->at += quoted;
	while (w->at < w->end && *w->at && (quoted ? *w->at != '"' : !strchr(" \t\r\n,{}[]=\"#", *w->at))) {
		if (quoted && *w->at == '\\' && w->at + 1 < w->end)
			w->at++;
		if (n + 1 < sizeof(w->word))
			w->word[n++] = *w->at;
		w->at++;
	}
	if (quoted && w->at < w->end && *w->at == '"')
		w->at++;
	w->word[n] = '\0';
	w->kind = quoted ? '"' : 'w';
}
