/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <strings.h>

#include "check.h"
#include "checks/drivers.h"
#include "image/image.h"

static const struct br_code codes[] = {
	{"ssh-missing", BR_BASIS_BOOT, "there is no sshd"},
	{"ssh-not-enabled", BR_BASIS_BOOT, "nothing starts sshd, nor listens for it"},
	{"ssh-held-back", BR_BASIS_BOOT, "a file forbids to start sshd"},
	{"ssh-config-missing", BR_BASIS_BOOT, "there is no sshd_config"},
	{"ssh-config-refused", BR_BASIS_BOOT, "this sshd refuses its configuration, and does not start"},
	{"ssh-config-unread", BR_BASIS_POLICY, "the configuration could not be read"},
	{"ssh-config-unsure", BR_BASIS_POLICY, "what this sshd makes of a line cannot be told"},
	{"ssh-release-unknown", BR_BASIS_POLICY, "which release of OpenSSH this is cannot be told"},
	{"ssh-start-unknown", BR_BASIS_POLICY, "whether sshd is started cannot be told"},
	{"ssh-user-missing", BR_BASIS_BOOT, "there is no user for sshd's child without privileges"},
	{"ssh-folder-missing", BR_BASIS_BOOT, "the folder for sshd's child without privileges is not there"},
	{"ssh-folder-unseen", BR_BASIS_POLICY, "that folder is on a file system that is not mounted here"},
	{"ssh-host-keys-missing", BR_BASIS_BOOT, "no host key is there that sshd takes, and nothing makes one"},
	{"ssh-host-key-refused", BR_BASIS_BOOT, "a host key that sshd does not take"},
	{"ssh-host-key-missing", BR_BASIS_BOOT, "a host key that the configuration names is not there"},
	{"ssh-keyword-deprecated", BR_BASIS_POLICY, "a keyword without effect in this release"},
	{"ssh-listen-name", BR_BASIS_POLICY, "sshd is to listen on a name that has to be resolved first"},
	{"ssh-root-login", BR_BASIS_POLICY, "root's login is not as the target wants it"},
	{"ssh-password-login", BR_BASIS_POLICY, "logins by password are not as the target wants them"},
	{"ssh-strict-modes", BR_BASIS_POLICY, "others can write where root's keys lie"},
};

static enum br_severity severity(const struct br_image *img)
{
	return br_judge_severity(img, "SshConfig");
}

/* The service's name on that distribution. */
static const char *service(const struct br_image *img)
{
	return br_system_family(&img->system) == BR_FAMILY_DEBIAN ? "ssh" : "sshd";
}

static const char *install_fix(const struct br_image *img)
{
	static const char *const with[] = {
		[BR_FAMILY_OTHER] = "install OpenSSH's server",
		[BR_FAMILY_DEBIAN] = "apt-get install openssh-server",
		[BR_FAMILY_REDHAT] = "dnf install openssh-server",
		[BR_FAMILY_SUSE] = "zypper install openssh",
		[BR_FAMILY_ARCH] = "pacman -S openssh",
	};

	return with[br_system_family(&img->system)];
}

static const char *reinstall_fix(const struct br_image *img)
{
	static const char *const with[] = {
		[BR_FAMILY_OTHER] = "install OpenSSH's server anew",
		[BR_FAMILY_DEBIAN] = "apt-get install --reinstall -o Dpkg::Options::=--force-confmiss openssh-server",
		[BR_FAMILY_REDHAT] = "dnf reinstall openssh-server",
		[BR_FAMILY_SUSE] = "zypper install --force openssh-server",
		[BR_FAMILY_ARCH] = "pacman -S openssh",
	};

	return with[br_system_family(&img->system)];
}

static bool starts(const struct br_image *img)
{
	static const char *const names[] = {"ssh.service", "sshd.service", "ssh.socket", "sshd.socket"};

	for (size_t i = 0; i < BR_ARRAY_SIZE(names); i++)
		if (br_unit_starts(&img->units, names[i]))
			return true;
	return false;
}

static void judge_start(const struct br_image *img, struct br_result *res)
{
	const struct br_unit *u = br_unit_find(&img->units, "sshd.service");
	br_autofree char *fix = NULL;
	bool masked;

	if (img->units_fact.state != BR_FACT_READ || img->units.init == BR_INIT_UNKNOWN) {
		br_find(res, "ssh-start-unknown", BR_SEV_UNKNOWN, NULL, 0, NULL, "whether sshd is started cannot be told: %s",
		        img->units_fact.why ? img->units_fact.why : "the root's init is none that is known here");
		return;
	}
	if (starts(img))
		return;
	if (!u)
		u = br_unit_find(&img->units, "ssh.service");
	masked = u && u->state == BR_UNIT_MASKED;
	fix = br_format("%s%s%s%s", masked ? "systemctl unmask " : "", masked ? service(img) : "",
	                masked ? " && systemctl enable " : img->units.init == BR_INIT_SYSTEMD ? "systemctl enable "
	                : img->units.init == BR_INIT_OPENRC ? "rc-update add " : "chkconfig --add ", service(img));
	br_find(res, "ssh-not-enabled", severity(img), u && u->by ? u->by : u ? u->path : NULL, u && u->by ? u->by_line : 0,
	        fix, u ? "sshd is installed, and nothing starts it: %s is %s" : "sshd is installed, and there is no %s%s",
	        u ? u->name : "service for it", u ? br_unit_state_name(u->state) : "");
}

static void judge_problem(const struct br_image *img, const struct br_sshd_problem *p, struct br_result *res)
{
	br_autofree char *fix = br_format("correct the line, then: sshd -t");

	switch (p->kind) {
	case BR_SSHD_REFUSED:
		br_find(res, "ssh-config-refused", severity(img), p->path, p->line, fix, "%s refuses it: %s",
		        img->sshd.version, p->what);
		break;
	case BR_SSHD_UNSURE:
		br_find(res, "ssh-config-unsure", BR_SEV_UNKNOWN, p->path, p->line, "ask it on the machine: sshd -t", "%s",
		        p->what);
		break;
	case BR_SSHD_DEPRECATED:
		br_find(res, "ssh-keyword-deprecated", BR_SEV_WARNING, p->path, p->line, "take the line out", "%s", p->what);
		break;
	case BR_SSHD_NAME:
		br_find(res, "ssh-listen-name", BR_SEV_WARNING, p->path, p->line, "write an address in its place", "%s", p->what);
		break;
	}
}

static void judge_config(const struct br_image *img, struct br_result *res)
{
	const struct br_sshd *s = &img->sshd;

	if (!s->config) {
		br_find(res, "ssh-config-missing", severity(img), "/etc/ssh/sshd_config", 0, reinstall_fix(img),
		        "there is no sshd_config, and sshd does not start without one");
		return;
	}
	if (s->config_why) {
		br_find(res, "ssh-config-unread", BR_SEV_UNKNOWN, s->config, 0, "look at the file: sshd -t",
		        "the configuration could not be read: %s", s->config_why);
		return;
	}
	if (!s->release) {
		br_find(res, "ssh-release-unknown", BR_SEV_UNKNOWN, s->program, 0, "ask it on the machine: sshd -t",
		        "neither the program nor the packages tell which release of OpenSSH it is");
		return;
	}
	for (size_t i = 0; i < s->conf.n_problems; i++)
		judge_problem(img, &s->conf.problems[i], res);
}

static void judge_needs(const struct br_image *img, struct br_result *res)
{
	const struct br_sshd *s = &img->sshd;
	br_autofree char *fix = s->no_folder ? br_format("install -d -m 755 -o root -g root %s", s->no_folder) : NULL;

	if (s->held_back)
		br_find(res, "ssh-held-back", severity(img), "/etc/ssh/sshd_not_to_be_run", 0,
		        "rm /etc/ssh/sshd_not_to_be_run", "the service is not started as long as this file is there");
	if (s->no_user)
		br_find(res, "ssh-user-missing", severity(img), "/etc/passwd", 0,
		        "useradd --system --no-create-home --home-dir /run/sshd --shell /usr/sbin/nologin sshd",
		        "there is no user sshd, without which sshd does not start");
	if (s->no_folder && s->folder_hidden)
		br_find(res, "ssh-folder-unseen", BR_SEV_INFO, s->no_folder, 0, NULL,
		        "sshd needs this folder, and the file system that it is on is not mounted");
	else if (s->no_folder)
		br_find(res, "ssh-folder-missing", severity(img), s->no_folder, 0, fix,
		        "the folder is not there, without which sshd does not start");
}

/* Will there be a key, and is one there that cannot be told? */
static bool one_is_made(const struct br_sshd *s)
{
	for (size_t i = 0; i < s->n_keys; i++)
		if (s->maker && s->keys[i].usual && s->keys[i].state == BR_SSHD_KEY_MISSING)
			return true;
	return false;
}

static size_t count(const struct br_sshd *s, enum br_sshd_key_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_keys; i++)
		n += s->keys[i].state == state;
	return n;
}

static void judge_key(const struct br_image *img, const struct br_sshd_key *k, bool others, struct br_result *res)
{
	enum br_severity sev = others ? BR_SEV_WARNING : severity(img);
	br_autofree char *fix = br_format("chmod 600 %s; if that is not enough: rm %s && ssh-keygen -A", k->path, k->path);

	if (k->state == BR_SSHD_KEY_REFUSED)
		br_find(res, "ssh-host-key-refused", sev, k->path, 0, fix, "sshd goes on without this host key: it %s", k->why);
	/* The usual ones are made, or one of them is enough. */
	if (k->state == BR_SSHD_KEY_MISSING && k->named_in && !k->usual)
		br_find(res, "ssh-host-key-missing", sev, k->named_in, k->line, "name a key that is there, or make it: ssh-keygen -A",
		        "%s is not there", k->path);
}

static void judge_keys(const struct br_image *img, struct br_result *res)
{
	const struct br_sshd *s = &img->sshd;
	bool some = count(s, BR_SSHD_KEY_THERE) || one_is_made(s) || s->conf.set[BR_SSHD_KEY_AGENT].text;

	if (!s->release || s->config_why || !s->config)
		return;
	for (size_t i = 0; i < s->n_keys; i++)
		judge_key(img, &s->keys[i], some, res);
	if (some)
		return;
	if (count(s, BR_SSHD_KEY_UNREAD))
		br_find(res, "ssh-config-unsure", BR_SEV_UNKNOWN, s->config, 0, "look at them: ls -l /etc/ssh",
		        "the host keys could not be read");
	else if (img->units_fact.state == BR_FACT_READ && img->units.init != BR_INIT_UNKNOWN)
		br_find(res, "ssh-host-keys-missing", severity(img), "/etc/ssh", 0,
		        br_system_family(&img->system) == BR_FAMILY_DEBIAN ? "dpkg-reconfigure openssh-server"
		                                                           : "ssh-keygen -A",
		        "there is no host key that sshd takes, and nothing that makes one at boot");
}

static void judge_wish(const struct br_image *img, enum br_sshd_setting which, const char *otherwise, const char *key,
                       const char *code, const char *name, struct br_result *res)
{
	const struct br_sshd_value *v = &img->sshd.conf.set[which];
	const char *is = v->text ? v->text : otherwise, *wanted = br_profile_get(img->profile, "SshConfig", key);
	br_autofree char *fix = wanted ? br_format("set it to one of: %s", wanted) : NULL;

	if (!wanted || !img->sshd.release || !img->sshd.config || br_profile_lists(img->profile, "SshConfig", key, is))
		return;
	br_find(res, code, BR_SEV_WARNING, v->path ? v->path : img->sshd.config, v->line, fix,
	        "%s is %s%s, and the target wants: %s", name, is, v->text ? "" : " by itself", wanted);
}

static void judge_wishes(const struct br_image *img, struct br_result *res)
{
	const struct br_sshd *s = &img->sshd;
	const char *open = s->open_folder;
	br_autofree char *fix = open ? br_format("chown root:root %s && chmod go-w %s", open, open) : NULL;

	judge_wish(img, BR_SSHD_PERMIT_ROOT, s->release < 700 ? "yes" : "prohibit-password", "root_login", "ssh-root-login",
	           "PermitRootLogin", res);
	judge_wish(img, BR_SSHD_PASSWORD, "yes", "password_login", "ssh-password-login", "PasswordAuthentication", res);
	if (s->open_folder)
		br_find(res, "ssh-strict-modes", BR_SEV_WARNING, s->open_folder, 0, fix,
		        "others than root can write here, and sshd passes over root's authorized_keys");
}

static void run(const struct br_image *img, struct br_result *res)
{
	if (!img->sshd.program) {
		br_find(res, "ssh-missing", severity(img), NULL, 0, install_fix(img), "there is no sshd");
	} else {
		judge_start(img, res);
		judge_needs(img, res);
		judge_config(img, res);
		judge_keys(img, res);
		judge_wishes(img, res);
	}
	br_conclude(res);
}

const struct br_check br_check_sshconfig = {
	.id = "SshConfig",
	.level = BR_LEVEL_HIGH,
	.title = "sshd starts, with a configuration it takes and host keys",
	.needs = BR_NEED_REPLAYED | BR_NEED_USR | BR_NEED_SSHD,
	.wants = BR_NEED_UNITS,
	.codes = codes,
	.n_codes = BR_ARRAY_SIZE(codes),
	.reads = "The program sshd and, in it or in dpkg's records, its release; /etc/ssh/sshd_config "
		 "(or /usr/etc/ssh/sshd_config) with all that it includes; which units start sshd or listen for it; the host keys and what makes those that are "
		 "missing; the user sshd and its empty folder.",
	.fails = "When there is no sshd or nothing starts it; when sshd -t of that very release would refuse the configuration "
		 "(keywords, arguments, Match blocks, names of algorithms); when no host key is there that sshd takes and nothing "
		 "makes one at boot; when the user or the folder that sshd needs is not there. Keywords without effect, host keys "
		 "it goes on without, and logins other than the profile's root_login and password_login say are warnings. A keyword "
		 "that the makers of that sshd added and that is not known here leaves it open.",
	.why = "Most servers in a cloud are reached by SSH alone. An sshd that does not start after the import leaves a machine "
	       "that runs and cannot be entered.",
	.mend = "Correct the line that is named and ask sshd itself with sshd -t; enable the service; let cloud-init or the "
		"distribution's own unit make the host keys, or make them with ssh-keygen -A.",
	.run = run,
};
