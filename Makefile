# SPDX-License-Identifier: LGPL-2.1-or-later
# Thin: what exists is found by wildcard, what is built outside the tree is built by the scripts it names.

ifeq ($(SAN),1)
B := build/san
libs_flag := --san
else
B := build
libs_flag :=
endif

PREFIX ?= /usr
DRACUT_MODULES ?= $(or $(shell pkg-config --variable=dracutmodulesdir dracut 2>/dev/null),$(PREFIX)/lib/dracut/modules.d)
PYTHON := /usr/bin/python3

sources := $(filter-out src/libs/%,$(wildcard src/*.c src/*/*.c))
objects := $(sources:src/%.c=$(B)/obj/%.o) $(B)/obj/gen/libraries.o $(B)/obj/gen/profiles.o $(B)/obj/gen/policy.o \
	$(B)/obj/gen/style.o
# All but main(), for unit tests and fuzzers; as an archive, so that a test can bring a table of checks of its own.
parts := $(B)/parts.a
units := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))
fuzzers := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

## all: build/bootready, the static binary (the default)
.PHONY: all
all: $(B)/bootready

# The libraries are built once into the user's cache; this file says where they lie.
ifeq ($(filter help clean uninstall,$(MAKECMDGOALS)),)
include $(B)/libs.mk
endif
$(B)/libs.mk: $(wildcard src/libs/*.sh src/libs/*.in)
	@mkdir -p $(@D)
	src/libs/build.sh --tools
	src/libs/build.sh $(libs_flag) --mk $@

CPPFLAGS_ALL = -D_GNU_SOURCE -Isrc -I$(B)/gen $(BR_CPPFLAGS)
CFLAGS_ALL = -std=gnu11 -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
	-Wundef -Wwrite-strings $(BR_CFLAGS) $(WERROR)

$(B)/bootready: $(objects)
	$(BR_LINK) -Wl,-Map=$(B)/bootready.map -o $@ $(objects)
ifneq ($(SAN),1)
	strip --strip-all --remove-section=.comment $@
endif

$(parts): $(filter-out $(B)/obj/main.o,$(objects))
	@rm -f $@
	ar rcs $@ $^

$(B)/obj/gen/%.o: $(B)/gen/%.c $(B)/libs.mk
	@mkdir -p $(@D)
	$(BR_CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

$(B)/obj/%.o: src/%.c $(B)/libs.mk
	@mkdir -p $(@D)
	$(BR_CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/gen/libraries.c: $(B)/libs.mk
	@mkdir -p $(@D)
	@{ echo '#include "version.h"'; echo '#define BR_LIBRARY(n, v, l) {n, v, l},'; \
	  echo 'const struct br_library br_libraries[] = {'; cat $(BR_LIBS_DIR)/include/libraries.def; \
	  echo '};'; echo 'const size_t br_n_libraries = sizeof(br_libraries) / sizeof(br_libraries[0]);'; } >$@

$(B)/gen/profiles.c: $(wildcard src/profiles/*.profile) src/profiles/embed.sh
	@mkdir -p $(@D)
	src/profiles/embed.sh $(sort $(filter %.profile,$^)) >$@

$(B)/gen/policy.c: src/decide/default.policy src/base/embed.sh
	@mkdir -p $(@D)
	src/base/embed.sh decide/policy.h br_default_policy $< >$@

$(B)/gen/style.c: src/report/page.css src/base/embed.sh
	@mkdir -p $(@D)
	src/base/embed.sh report/html.h br_page_style $< >$@

-include $(sources:src/%.c=$(B)/obj/%.d)

## run: make a Debian image with the module, boot it in QEMU, show its table and report
.PHONY: run
run: $(B)/bootready
	qemu/install-deps
	qemu/run

## check: every test; installs what it needs; ends with "N passed, N failed"
.PHONY: check
check:
	@src/libs/build.sh --tools
	@tests/install-deps
	@qemu/install-deps
	@tests/run

## truth: every case asked about and booted; writes qemu/TRUTH.md (hours; ONLY=WORD: cases with it in their name)
.PHONY: truth
truth: $(B)/bootready
	qemu/install-deps
	qemu/truth $(ONLY) $(if $(ONLY),,--write)

## oracles: every comparison with a trusted tool, in full (make check has a telling part)
.PHONY: oracles
oracles: $(B)/bootready
	@tests/install-deps
	@qemu/install-deps
	tests/oracles/run --all

# Answers ENOSYS to what kernel 3.10 did not have, for the second run of the suite.
build/nosys: tests/tools/nosys.c
	@mkdir -p $(@D)
	cc -O2 -Wall -Wextra -static -o $@ $<

## units: build and run the unit tests alone
.PHONY: units unit-programs
units:
	@tests/run --only units
unit-programs: $(units)

$(B)/unit/%: tests/unit/%.c $(parts) tests/unit/test.h
	@mkdir -p $(@D)
	$(BR_CC) $(CPPFLAGS_ALL) -Itests/unit $(filter-out -Wwrite-strings,$(CFLAGS_ALL)) -c -o $@.o $<
	$(BR_LINK) -o $@ $@.o $(parts)

# Every fuzz target replays a corpus through a plain main(), and under SAN=1 with the sanitizers.
$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay/main.c $(parts)
	@mkdir -p $(@D)
	$(BR_CC) $(CPPFLAGS_ALL) $(filter-out -Wmissing-prototypes -Wwrite-strings,$(CFLAGS_ALL)) -c -o $@.o $<
	$(BR_CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@.main.o tests/fuzz/replay/main.c
	$(BR_LINK) -o $@ $@.o $@.main.o $(parts)

.PHONY: fuzzers
fuzzers: $(fuzzers)

## fuzz: a long run of every fuzz target with the sanitizers (ROUNDS, SEED)
.PHONY: fuzz
fuzz:
	@$(MAKE) --no-print-directory -s SAN=1 fuzzers
	tests/fuzz/run $(or $(ROUNDS),2000000) $(or $(SEED),$(shell date +%s))

## rescue: build/rescue/{vmlinuz,initramfs.img}, which check every root on every disk of a machine
.PHONY: rescue
rescue: $(B)/bootready
	qemu/install-deps
	qemu/rescue/image build/rescue

## docs: the page about every check, src/checks/README.md, from the sources
.PHONY: docs
docs: $(B)/bootready
	src/checks/page.sh $(B)/bootready >src/checks/README.md

## pictures: the README's pictures of the HTML page, src/report/*.png (needs Chromium)
.PHONY: pictures
pictures: $(B)/bootready
	tests/formats/pictures

## weigh: what each library adds to the binary
.PHONY: weigh
weigh: $(B)/bootready
	src/libs/weigh.sh $(B)/bootready.map

## bench: figures of one run, side by side: boots with the hook, listings, whole checks, memory
.PHONY: bench
bench: $(B)/bootready
	qemu/install-deps
	tests/bench/run

# A page's date is that of its source, so that two builds give the same bytes.
## man: the manual pages, build/man (needs scdoc)
.PHONY: man
man: $(patsubst module/packaging/man/%.scd,$(B)/man/%,$(wildcard module/packaging/man/*.scd))
$(B)/man/%: module/packaging/man/%.scd
	@mkdir -p $(@D)
	SOURCE_DATE_EPOCH=$(or $(SOURCE_DATE_EPOCH),$$(git log -1 --format=%ct -- $< 2>/dev/null | grep . || date -r $< +%s)) \
		scdoc <$< >$@

# What is installed outside of the modules; bootready-vm is not: it works from its own tree.
man_pages := man1/bootready.1 man7/dracut.bootready.7
MANDIR = $(PREFIX)/share/man
COMPLETIONS = $(PREFIX)/share/bash-completion/completions

## install: binary, dracut modules, man pages, completion (DESTDIR, PREFIX, DRACUT_MODULES)
.PHONY: install
install: $(B)/bootready
	install -D -m 0755 $(B)/bootready $(DESTDIR)$(PREFIX)/bin/bootready
	install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/doc/bootready LICENSE NOTICE NEWS README.md
	cp -r $(BR_LIBS_DIR)/licenses $(DESTDIR)$(PREFIX)/share/doc/bootready/
	install -D -m 0644 module/packaging/completion/bootready $(DESTDIR)$(COMPLETIONS)/bootready
	$(MAKE) --no-print-directory install-module
	if command -v scdoc >/dev/null; then $(MAKE) --no-print-directory install-man; \
	  else echo 'no scdoc: the man pages are left out' >&2; fi

.PHONY: install-man
install-man: man
	$(foreach page,$(man_pages),install -D -m 0644 $(B)/man/$(notdir $(page)) $(DESTDIR)$(MANDIR)/$(page) &&) :

## uninstall: takes away what install has put there, with the same variables
.PHONY: uninstall
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/bootready $(DESTDIR)$(COMPLETIONS)/bootready $(man_pages:%=$(DESTDIR)$(MANDIR)/%)
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/bootready $(DESTDIR)$(DRACUT_MODULES)/50bootready \
		$(DESTDIR)$(DRACUT_MODULES)/50bootready-rescue

## deb: a Debian package of what install installs, build/deb/*.deb (needs debhelper and scdoc)
.PHONY: deb
deb: $(B)/bootready man
	module/packaging/build-deb

## rpm: an RPM package of the same, build/rpm/*.rpm (needs rpmbuild and scdoc)
.PHONY: rpm
rpm: $(B)/bootready man
	module/packaging/build-rpm

.PHONY: install-module
install-module: $(B)/bootready
	install -d $(DESTDIR)$(DRACUT_MODULES)/50bootready
	install -m 0755 module/module-setup.sh $(DESTDIR)$(DRACUT_MODULES)/50bootready/
	install -m 0644 $(filter-out module/module-setup.sh module/README.md,$(wildcard module/*.*)) \
		$(DESTDIR)$(DRACUT_MODULES)/50bootready/
	install -m 0755 $(filter-out hooks/cmdline.sh,$(wildcard hooks/*.sh)) $(B)/bootready $(DESTDIR)$(DRACUT_MODULES)/50bootready/
	install -d $(DESTDIR)$(DRACUT_MODULES)/50bootready-rescue
	install -m 0755 $(filter-out module/rescue/rescue-%,$(wildcard module/rescue/*.sh)) hooks/cmdline.sh $(B)/bootready \
		$(DESTDIR)$(DRACUT_MODULES)/50bootready-rescue/
	install -m 0644 $(wildcard module/rescue/*.service module/rescue/rescue-*.sh) $(DESTDIR)$(DRACUT_MODULES)/50bootready-rescue/

## clean: what was built here; the cache of base images and libraries stays
.PHONY: clean
clean:
	rm -rf build

## help: this list
.PHONY: help
help:
	@sed -n 's/^## \([a-z-]*\): \(.*\)/  make \1\t\2/p' Makefile | expand -t 16
