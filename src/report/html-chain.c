/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The boot as a chain: an ordered list, which the style sheet draws. The words alone say which link is broken. */
#include "report/chainview.h"
#include "report/escape.h"
#include "report/html.h"

static const struct {
	const char *class, *mark, *words;
} looks[] = {
	[BR_LINK_OPEN] = {"unknown", "?", "not known"},
	[BR_LINK_HOLDS] = {"ok", "\u2713", "holds"},
	[BR_LINK_WEAK] = {"warning", "!", "warning"},
	[BR_LINK_BROKEN] = {"failed", "\u2717", "broken"},
};

static void link_item(const struct br_html *h, const struct br_link *l)
{
	/* What is behind the broken link is not told to hold: nobody comes there to see. */
	bool reached = !l->behind || l->state == BR_LINK_BROKEN;
	FILE *out = h->out;

	fprintf(out, "<li class=\"%s%s\"><span class=\"mark\" aria-hidden=\"true\">%s</span><div>\n<p class=\"link\">%s <span class=\"state\">%s</span></p>\n",
	        looks[l->state].class, l->behind ? " behind" : "", reached ? looks[l->state].mark : "\u2013", l->title,
	        reached ? looks[l->state].words : "not reached");
	if (l->value) {
		fputs("<p class=\"value\">", out);
		br_xml_text(out, l->value);
		fputs("</p>\n", out);
	}
	if (l->why) {
		fprintf(out, "<p class=\"why\"><a href=\"#r%zu-%s\">", h->number, l->why_of->check->id);
		br_xml_text(out, l->why->code);
		fputs("</a>: ", out);
		br_xml_text(out, l->why->message);
		fputs("</p>\n", out);
	}
	fputs("</div></li>\n", out);
}

static int chain(const struct br_html *h, const struct br_report *rep, size_t at)
{
	br_cleanup(br_chain_free) struct br_chainview view = {0};
	int r = br_chain_links(rep, at, &view);

	if (r < 0)
		return r;
	fputs("<div class=\"way\">\n", h->out);
	br_html_heading(h, 2, NULL, NULL);
	fputs(br_chain_name(rep, at), h->out);
	br_html_heading_end(h, 2);
	fputs("<ol class=\"chain\">\n", h->out);
	for (size_t i = 0; i < BR_LINKS; i++)
		link_item(h, &view.link[i]);
	fputs("</ol>\n</div>\n", h->out);
	return 0;
}

int br_html_chains(const struct br_html *h, const struct br_report *rep)
{
	int r = 0;

	fputs("<section>\n", h->out);
	br_html_heading(h, 1, NULL, NULL);
	fputs("Boot chain", h->out);
	br_html_heading_end(h, 1);
	fputs("<div class=\"ways\">\n", h->out);
	for (size_t i = 0; r == 0 && i < br_chains(rep); i++)
		r = chain(h, rep, i);
	fputs("</div>\n</section>\n", h->out);
	return r;
}
