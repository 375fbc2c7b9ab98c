/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB script, bit by bit: what $r is behind a script. tests/oracles/grub-emu.sh asks GRUB about
 * random ones. */
#include "grub-machine.h"
#include "image/grub-internal.h"
#include "test.h"

static struct br_menu menu;

/* Runs script and an entry that shows $r; the arguments of its kernel. */
static const char *run(const char *script)
{
	br_autofree char *text = br_format(
	    "set timeout=1\n%s\nset default=\nmenuentry end { linux /k \"$r\" $r }\n", script);
	const struct table_file files[] = {{1, "/cfg", text, 0},
					   {1, "/k", "kernel", 0},
					   {0, "/both", "x", 0},
					   {1, "/both", "x", 0},
					   {1, "/empty", "", 0},
					   {1, "/folder", NULL, 0},
					   {1, "/folder/b1", "x", 0},
					   {1, "/folder/b2", "x", 0},
					   {1, "/more", "set r=\"${r}more$1\"\n", 0},
					   {0, "/x", "x", 0},
					   {0}};

	br_menu_free(&menu);
	if (table_boot(files, "pc", &menu) < 0 || !grub_booted(&menu))
		return "nothing";
	return grub_booted(&menu)->cmdline;
}

#define SAYS(script, want) EXPECT_STR(run(script), want)

BR_TEST(quoting)
{
	SAYS("set r=a", "a a");
	SAYS("r=a", "a a");
	SAYS("set r='a  b'", "\"a  b\" a b");
	SAYS("set x=1; set r=\"$x ${x}2 \\$x \\\"q\\\" \\\\ \\n\"",
	     "\"1 12 $x \\\"q\\\" \\\\ \\\\n\" 1 12 $x \\\"q\\\" \\\\ \\\\n");
	SAYS("set r='$x\\'", "$x\\\\ $x\\\\");
	SAYS("set r=a\\ b\\;c\\$x", "\"a b;c$x\" a b;c$x");
	SAYS("set r=a\\\nb", "ab ab");
	SAYS("set r='a\nb'", "a\nb a b");
	SAYS("set r=a# # comment", "a# a#");
	SAYS("set r=a;# comment with 'a quote", "a a");
	SAYS("set r=$\"text $x $timeout\"", "\"text  1\" text 1");
	SAYS("set r=$\"a \\\\ \\q \\\" \"", "\"a \\\\ \\\\q \\\" \" a \\\\ \\\\q \\\"");
	SAYS("set r=a\\x41", "ax41 ax41");
	SAYS("set x='  p  q '; set r=a$x\"b\"; set r=\"$r|\"", "ap| ap|");
	SAYS("set e=; for i in $e '' \"$e\" x; do set r=\"$r[$i]\"; done", "[][][x] [][][x]");
	/* GRUB drops a line that begins with # even here; grub-script-check would keep it. */
	SAYS("set r='a\n#b\nc'", "a\nc a c");
	SAYS("set r=a\r\nset r=\"${r}b\"\r", "ab ab");
}

BR_TEST(flow)
{
	SAYS("if true; then set r=1; elif true; then set r=2; else set r=3; fi", "1 1");
	SAYS("if false; then set r=1; elif true; then set r=2; else set r=3; fi", "2 2");
	SAYS("if ! true\nthen\nset r=1\nelse\nset r=3\nfi", "3 3");
	SAYS("if nosuchcommand; then set r=yes; fi", "yes yes");
	SAYS("for i in a 'b c' d; do if [ $i = d ]; then break; fi; set r=\"$r$i,\"; done",
	     "\"a,b c,\" a,b c,");
}

BR_TEST(loops)
{
	SAYS("for i in a b c; do if [ $i = b ]; then continue; fi; set r=\"$r$i\"; done", "ac ac");
	SAYS("for i in 1 2; do for j in a b; do if [ $j = b ]; then break 2; fi; set r=$r$i$j; "
	     "done; done",
	     "1a 1a");
	SAYS("set i=0; while [ $i != 111 ]; do set i=1$i; if [ $i = 10 ]; then set i=1; fi; set "
	     "r=$r$i,; done",
	     "1,11,111, 1,11,111,");
	SAYS("until [ \"$r\" = aa ]; do set r=a$r; done", "aa aa");
	SAYS("function f { set r=\"$r$#$1$@\"; shift; set r=\"$r/$1$*\"; }; f a 'b c'",
	     "\"2aa/b cb c\" 2aa/b cb c");
}

BR_TEST(functions)
{
	SAYS("function f { if [ \"$1\" = x ]; then return 3; fi; set r=no; }\nf x; set r=\"$r$?\"",
	     "3 3");
	SAYS("function f { r=1; }\nfunction f { r=2; }\nf", "2 2");
	SAYS("function f { setparams p q; set r=$2$#; }; f a b c", "q2 q2");
	SAYS("function f { source ($root)/more; }; f arg", "morearg morearg");
	SAYS("function f { r=\"[$1$2$3]\"; }; f a b", "[ab] [ab]");
	SAYS("function f { shift 2; r=$1$#; shift 9; r=$r$?; }; f a b c", "c118 c118");
	SAYS("function f { r=$1; if [ $1 != xxx ]; then f x$1; fi; r=$r$1; }; f x",
	     "xxxxxxxxx xxxxxxxxx");
	SAYS("eval 'set r=a; set r=\"${r}b\"'", "ab ab");
	/* It counts even where what follows on its line does not parse. */
	SAYS("function f { set r=f; } }\nf", "f f");
}

BR_TEST(tests)
{
	SAYS("if [ a = a -a b != a ]; then r=1; fi", "1 1");
	SAYS("if [ a = b -o ! b = c ]; then r=1; fi", "1 1");
	SAYS("if [ ( a = b -o a = a ) -a -n x ]; then r=1; fi", "1 1");
	SAYS("if [ 0x10 -eq 16 -a 010 -lt 9 -a -2 -lt 1 ]; then r=1; fi", "1 1");
	SAYS("if [ a2 -plt a11 ]; then r=1; fi", "1 1");
	SAYS("if [ -f /k -a ! -f /folder -a -d /folder -a -e /folder -a ! -s /empty -a -s /k ]; "
	     "then r=1; fi",
	     "1 1");
	SAYS("if [ -f (hd0,gpt1)/x -a ! -e (hd0,gpt9)/x -a -d ($root)/folder ]; then r=1; fi",
	     "1 1");
	SAYS("if [ -z $nothing ]; then r=1; fi", "1 1");
	SAYS("if [ -n $nothing ]; then r=1; fi", "1 1");
	SAYS("if [ ]; then r=1; else r=0; fi", "1 1");
	SAYS("if [ '' ]; then r=1; else r=0; fi", "0 0");
	SAYS("if test x; then r=1; fi", "1 1");
	SAYS("if [ -f (hd0,gpt3)/x ]; then r=1; else r=0; fi", "0 0");
	EXPECT(grub_noted(&menu, BR_MENU_UNSUPPORTED) != NULL);
}

/* The whole table of operators: each pair says yes, then no. */
BR_TEST(operators)
{
	static const char *const yes[] = {
	    "a = a",      "a == a",      "a != b",      "a \\< b",   "a \\<= a", "b \\> a",
	    "b \\>= b",   "2 -eq 2",     "2 -ne 3",     "2 -lt 3",   "2 -le 2",  "3 -gt 2",
	    "3 -ge 3",    "v9 -plt v10", "v10 -pgt v9", "-3 -lt -2", "-1 -lt 0", "x1a -plt x2a",
	    "10 -plt 11", "-n a",        "-z ''",
	};
	static const char *const no[] = {
	    "a = b",      "a == b",      "a != a",     "a \\< a",   "b \\<= a", "a \\> a",
	    "a \\>= b",   "2 -eq 3",     "2 -ne 2",    "3 -lt 3",   "3 -le 2",  "2 -gt 2",
	    "2 -ge 3",    "v10 -plt v9", "v9 -pgt v9", "-2 -lt -3", "0 -lt -1", "x2a -plt x1a",
	    "11 -plt 10", "-n ''",       "-z a",
	};

	for (size_t i = 0; i < BR_ARRAY_SIZE(yes); i++) {
		br_autofree char *a = br_format("if [ %s ]; then r=1; else r=0; fi", yes[i]);
		br_autofree char *b = br_format("if [ %s ]; then r=1; else r=0; fi", no[i]);

		SAYS(a, "1 1");
		SAYS(b, "0 0");
	}
}

BR_TEST(options)
{
	SAYS("search -nus x AAAA-0001; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search -us -n AAAA-0001; r=$root; root=hd0,gpt2", "hd0,gpt1 hd0,gpt1");
	SAYS("search -u --set=x -- AAAA-0001; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search -u --set=x --hint-moon=hd7 AAAA-0001; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search -u --no-floppy=1 --set=x AAAA-0001; r=\"[$x]\"", "[] []");
	SAYS("search --set=x AAAA-0001; r=\"[$x]\"", "[] []");
	SAYS("regexp -x a a; r=$?", "18 18");
	SAYS("regexp --set; r=$?", "18 18");
	SAYS("regexp --set a; r=$?", "18 18");
}

BR_TEST(commands)
{
	SAYS("regexp --set=1:a --set 2:b '^(.)(.*)$' xyz; r=$b$a", "yzx yzx");
	SAYS("if regexp '^z' xyz; then r=1; else r=0; fi", "0 0");
	SAYS("insmod regexp; for f in /folder/b*; do r=$r$f; done",
	     "/folder/b1/folder/b2 /folder/b1/folder/b2");
	SAYS("for f in /folder/b*; do r=$r$f; done", "/folder/b* /folder/b*");
	SAYS("insmod regexp; for f in /folder/c* '/folder/b*'; do r=$r$f; done",
	     "/folder/c*/folder/b* /folder/c*/folder/b*");
	SAYS("a=1; b=1; regexp --set 2:a --set 1:b '^(x)(y)?' xz; r=\"[$a$b]\"", "[x] [x]");
	SAYS("if regexp '(' x; then r=1; else r=0; fi", "0 0");
	run("regexp 'a{2}' aa");
	EXPECT(grub_noted(&menu, BR_MENU_UNSUPPORTED) != NULL);
	SAYS("insmod regexp; for f in /fold*/b? /folder/\\b1 /folder/*2 '/*'; do r=$r$f,; done",
	     "/folder/b1,/folder/b2,/folder/b1,/folder/b2,/*, "
	     "/folder/b1,/folder/b2,/folder/b1,/folder/b2,/*,");
	run("insmod regexp; for f in (hd*,*)/x; do r=$f; done");
	EXPECT(grub_noted(&menu, BR_MENU_UNSUPPORTED) != NULL);
	SAYS("set n=-1; increment n; decrement n; decrement n; r=$n; increment nosuch; r=$r$?",
	     "-218 -218");
	SAYS("set n=5; increment n; increment n; decrement n; r=$n", "6 6");
	SAYS("set root=(hd0,gpt1); r=$root; set root=hd0,gpt2", "hd0,gpt1 hd0,gpt1");
	SAYS("r=$config_file$config_directory$prefix",
	     "(hd0,gpt2)/cfg(hd0,gpt2)(hd0,gpt2) (hd0,gpt2)/cfg(hd0,gpt2)(hd0,gpt2)");
	SAYS("r=$grub_platform$grub_cpu$feature_menuentry_id", "pci386y pci386y");
	SAYS("unset root; r=\"[$root]\"; set root=hd0,gpt2", "[] []");
	SAYS("probe --set=r --fs-uuid ($root)", "uuid-2 uuid-2");
}

BR_TEST(syntax_errors_drop_what_was_read)
{
	SAYS("r=1\nset r=2; }\nset r=$r,3", "1,3 1,3");
	EXPECT_INT(grub_noted(&menu, BR_MENU_SYNTAX)->line, 3);
	EXPECT_STR(grub_noted(&menu, BR_MENU_SYNTAX)->file, "/cfg");
	/* What follows the bad line of a block runs on its own. */
	SAYS("if true; then\nset r=1\nset r=2 }\nset r=3\nfi\nset r=${r}4", "34 34");
	SAYS("menuentry bad {\nset r=1\nfi\nset r=2\n}\n", "2 2");
	SAYS("set r=\"a $ b\"\nset r=c", "c c");
	SAYS("menuentry empty { }\nset r=c", "c c");
	SAYS("set r=a;; set r=b\n", "");
}

BR_TEST(search)
{
	SAYS("search --no-floppy --fs-uuid --set=x --hint-bios=hd0,gpt9 aaaa-0001; r=$x",
	     "hd0,gpt1 hd0,gpt1");
	SAYS("search -u -s x AAAA-0001; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search --label BOOT --set x --no-floppy; r=$x", "hd0,gpt2 hd0,gpt2");
	SAYS("search --fs-uuid --set AAAA-0001; r=$root; set root=hd0,gpt2", "hd0,gpt1 hd0,gpt1");
	SAYS("search.fs_uuid AAAA-0001 x hd0,gpt1; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search.file /x x; r=$x", "hd0,gpt1 hd0,gpt1");
	/* A hint decides between two, if it is one for this platform. */
	SAYS("search -f --set=x /both; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search -f --set=x --hint-efi=hd0,gpt2 /both; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search -f --set=x --hint-bios=hd0,gpt2 /both; r=$x", "hd0,gpt2 hd0,gpt2");
	SAYS("search -f --set=x --hint=hd0,gpt2 /x; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("search -u --set=x --hint=hd0,gpt2 AAAA-0001; r=$x", "hd0,gpt1 hd0,gpt1");
	SAYS("if search --file /none; then r=1; else r=0; fi", "0 0");
	EXPECT(!grub_noted(&menu, BR_MENU_SEARCH_NONE));
	SAYS("r=\"$root\"; search --fs-uuid --set=root gone", "hd0,gpt2 hd0,gpt2");
	EXPECT_STR(grub_noted(&menu, BR_MENU_SEARCH_NONE)->what, "gone");
	EXPECT(grub_noted(&menu, BR_MENU_SEARCH_NONE)->root_kept);
	EXPECT_INT(grub_noted(&menu, BR_MENU_SEARCH_NONE)->root_dev, 1);
	EXPECT(grub_noted(&menu, BR_MENU_SEARCH_NONE)->in_default);
	SAYS("set root=hd9; search --fs-uuid --set=root gone; set root=hd0,gpt2", "");
	EXPECT(!grub_noted(&menu, BR_MENU_SEARCH_NONE)->root_kept);
	run("search --fs-uuid --set=root hidden");
	EXPECT(grub_noted(&menu, BR_MENU_SEARCH_UNKNOWN) != NULL);
	EXPECT_INT(grub_booted(&menu)->kernel.dev, -1);
}

BR_TEST(nothing_runs_for_ever)
{
	run("while true; do true; done");
	EXPECT(menu.undetermined && grub_noted(&menu, BR_MENU_LIMIT));
	run("function f { f; }; f");
	EXPECT(menu.undetermined);
	run("source /cfg");
	EXPECT(menu.undetermined);
	run("configfile /cfg");
	EXPECT(menu.undetermined);
	run("function f { submenu s { f }; submenu t { f }; }; f");
	EXPECT_STR(grub_noted(&menu, BR_MENU_LIMIT) ? "limit" : "", "limit");
	run("set x=aaaaaaaaaaaaaaaa; while true; do set x=$x$x$x$x; done");
	EXPECT(menu.undetermined);
	run("eval 'eval \"$0\"'; function f { eval f; }; f");
	EXPECT(menu.undetermined);
	run("while true; do menuentry a { true; }; done");
	EXPECT(menu.undetermined);
	run("set n=0; while true; do set v$n=1; set n=1$n; done");
	EXPECT(menu.undetermined);
	br_menu_free(&menu);
}

BR_TEST(deep_nesting_is_refused)
{
	br_autostr struct br_str text = {0};

	for (int i = 0; i < 20000; i++)
		br_str_puts(&text, "if true; then ");
	run(text.s);
	EXPECT(grub_noted(&menu, BR_MENU_LIMIT) != NULL);
	text.len = 0;
	br_str_puts(&text, "if [ ");
	for (int i = 0; i < 20000; i++)
		br_str_puts(&text, "( ");
	br_str_puts(&text, "]; then true; fi");
	run(text.s);
	EXPECT(grub_noted(&menu, BR_MENU_LIMIT) != NULL);
	text.len = 0;
	br_str_puts(&text, "if false; then true; ");
	for (int i = 0; i < 20000; i++)
		br_str_puts(&text, "elif false; then true; ");
	br_str_puts(&text, "fi; r=1");
	SAYS(text.s, "1 1");
	br_menu_free(&menu);
}

BR_TEST_MAIN()
