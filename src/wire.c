/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>

#include "base/io.h"
#include "base/limits.h"
#include "report/json.h"
#include "runner.h"

/* Takes json, also when it fails. */
int br_wire_send(int fd, const char *kind, void *json)
{
	br_autojson cJSON *record = cJSON_CreateObject();
	br_autofree char *text = NULL;
	uint32_t len;
	int r;

	if (!json || !record || !cJSON_AddItemToObject(record, kind, json)) {
		cJSON_Delete(json);
		return -ENOMEM;
	}
	text = cJSON_PrintUnformatted(record);
	if (!text)
		return -ENOMEM;
	if (strlen(text) > BR_RECORD_MAX)
		return -EMSGSIZE;
	len = (uint32_t)strlen(text);
	r = br_write_all(fd, (const char *)&len, sizeof(len));
	return r < 0 ? r : br_write_all(fd, text, len);
}

int br_wire_fill(struct br_wire *w, int fd)
{
	ssize_t n;

	if (w->cap - w->len < 4096) {
		size_t cap = w->cap + 64 * BR_KIB;
		char *p;

		if (cap > 2 * BR_RECORD_MAX)
			return -EBADMSG;
		p = realloc(w->buf, cap);
		if (!p)
			return -ENOMEM;
		w->buf = p;
		w->cap = cap;
	}
	n = read(fd, w->buf + w->len, w->cap - w->len);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 1 : -errno;
	w->len += (size_t)n;
	return n > 0;
}

int br_wire_next(struct br_wire *w, void **ret)
{
	uint32_t len;
	cJSON *j;

	*ret = NULL;
	if (w->len < sizeof(len))
		return 0;
	memcpy(&len, w->buf, sizeof(len));
	if (len > BR_RECORD_MAX)
		return -EBADMSG;
	if (w->len - sizeof(len) < len)
		return 0;
	j = cJSON_ParseWithLength(w->buf + sizeof(len), len);
	w->len -= sizeof(len) + len;
	memmove(w->buf, w->buf + sizeof(len) + len, w->len);
	if (!j)
		return -EBADMSG;
	*ret = j;
	return 0;
}

void br_wire_free(struct br_wire *w)
{
	free(w->buf);
	*w = (struct br_wire){0};
}
