#include "lead/email.h"

#include <idn2.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "lead/placeholder.h"

/* Room for wrapping and mailto: queries; an address itself is far shorter. */
#define INPUT_BYTES_MAX 8192

/* RFC 5321, 4.5.3.1 (the path's 256 bytes less its angle brackets), and RFC 1035 for labels. */
#define ADDRESS_BYTES_MAX 254
#define LOCAL_BYTES_MAX 64
#define LABEL_BYTES_MAX 63

/* A domain in any script, before it becomes an A-label. */
#define DOMAIN_RAW_BYTES_MAX 1024

struct parse {
	struct arena *arena;
	struct text local;  /* canonical, with its quotes where it needs them */
	struct text domain; /* canonical */
	bool quoted;
	bool ascii;    /* the local part is */
	bool provider; /* the domain is on the list */
	bool no_memory;
};

/* In strcmp order. */
static const char *const roles[] = {
	"abuse", "accounting", "accounts", "accountspayable", "admin", "administration",
	"administrator", "ads", "all", "ap", "ar", "billing", "booking", "bookings",
	"buchhaltung", "business", "careers", "compliance", "comptabilite", "contact",
	"contact-us", "contact.us", "contacto", "contactus", "customer.service", "customercare",
	"customerservice", "datenschutz", "devnull", "do-not-reply", "donotreply", "dpo",
	"einkauf", "enquiries", "enquiry", "events", "everyone", "facturation", "feedback",
	"finance", "ftp", "gdpr", "general", "hello", "help", "helpdesk", "hi", "hiring",
	"hostmaster", "hr", "info", "information", "inquiries", "inquiry", "investors",
	"invoice", "invoices", "invoicing", "it", "jobs", "kontakt", "legal", "list",
	"mail", "mailer-daemon", "marketing", "media", "news", "newsletter", "no-reply",
	"no.reply", "no_reply", "nobody", "noc", "noreply", "office", "operations", "orders",
	"partner", "partners", "partnerships", "payments", "payroll", "post", "postmaster", "pr",
	"press", "presse", "privacy", "purchasing", "reception", "recruiting", "recruitment",
	"registrar", "request", "reservations", "root", "sales", "security", "service",
	"services", "shop", "spam", "staff", "store", "subscribe", "support", "sysadmin", "team",
	"tech", "unsubscribe", "usenet", "uucp", "vendas", "ventas", "verkauf", "vertrieb",
	"webmaster", "welcome", "www",
};

/* Providers of mailboxes to private persons. In strcmp order. */
static const char *const providers[] = {
	"126.com", "139.com", "163.com", "aim.com", "alice.it", "aol.com", "arcor.de", "att.net",
	"bellsouth.net", "bigpond.com", "bk.ru", "bluewin.ch", "bol.com.br", "btinternet.com",
	"centrum.cz", "charter.net", "comcast.net", "cox.net", "daum.net", "docomo.ne.jp",
	"earthlink.net", "email.cz", "email.de", "ezweb.ne.jp", "fastmail.com", "fastmail.fm",
	"foxmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
	"gmx.de", "gmx.fr", "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "hotmail.be",
	"hotmail.ca", "hotmail.ch", "hotmail.co.jp", "hotmail.co.uk", "hotmail.com", "hotmail.de",
	"hotmail.es", "hotmail.fr", "hotmail.it", "hotmail.nl", "hotmail.se", "hushmail.com",
	"icloud.com", "inbox.lv", "inbox.ru", "interia.pl", "kpnmail.nl", "laposte.net",
	"libero.it", "list.ru", "live.be", "live.ca", "live.co.uk", "live.com", "live.de",
	"live.fr", "live.it", "live.nl", "mac.com", "mail.com", "mail.de", "mail.ru",
	"mailbox.org", "me.com", "msn.com", "naver.com", "neuf.fr", "ntlworld.com", "o2.pl",
	"onet.pl", "online.de", "optonline.net", "orange.fr", "outlook.com", "outlook.de",
	"outlook.es", "outlook.fr", "outlook.it", "pm.me", "posteo.de", "proton.me",
	"protonmail.ch", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com",
	"rocketmail.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr", "shaw.ca",
	"sina.com", "sky.com", "skynet.be", "sohu.com", "t-online.de", "talktalk.net",
	"telenet.be", "terra.com.br", "tiscali.it", "tuta.com", "tuta.io", "tutanota.com",
	"tutanota.de", "ukr.net", "uol.com.br", "verizon.net", "virgilio.it", "virginmedia.com",
	"vodafone.de", "wanadoo.fr", "web.de", "windowslive.com", "wp.pl", "xs4all.nl",
	"ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com",
	"yahoo.com.au", "yahoo.com.br", "yahoo.com.mx", "yahoo.de", "yahoo.es", "yahoo.fr",
	"yahoo.in", "yahoo.it", "yandex.by", "yandex.com", "yandex.kz", "yandex.ru", "yeah.net",
	"ymail.com", "zoho.com", "zohomail.com",
};

static int compare_name(const void *key, const void *row)
{
	const struct text *text = key;
	const char *name = *(const char *const *)row;

	/* Most steps of a search end at the first letter. */
	if (text->len > 0 && text->ptr[0] != name[0])
		return (unsigned char)text->ptr[0] - (unsigned char)name[0];
	size_t len = strlen(name);
	int order = memcmp(text->ptr, name, text->len < len ? text->len : len);

	return order ? order : (text->len > len) - (text->len < len);
}

static bool is_listed(struct text text, const char *const *list, size_t count)
{
	return bsearch(&text, list, count, sizeof *list, compare_name) != NULL;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

/* RFC 5322's atext, without what is_alnum covers. */
static bool is_atom_mark(char c)
{
	return c && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL;
}

/* Characters that cannot be seen or that part words, in any script. */
static bool is_hidden(int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS:
		return true;
	default:
		return false;
	}
}

static bool has_hidden(struct text utf8)
{
	while (utf8.len > 0) {
		int32_t c;
		utf8proc_ssize_t len =
			utf8proc_iterate((const uint8_t *)utf8.ptr, (utf8proc_ssize_t)utf8.len, &c);

		if (len < 1 || is_hidden(c))
			return true;
		utf8 = text_skip(utf8, (size_t)len);
	}
	return false;
}

/* NULL when `local` may stand before the @ without quotes, else the reason. Sets *out_ascii. */
static const char *check_atoms(struct text local, bool *out_ascii)
{
	char before = '.';

	*out_ascii = true;
	for (size_t i = 0; i < local.len; i++) {
		char c = local.ptr[i];

		if (c == '.' && before == '.')
			return i ? "has two dots in a row before the @" : "begins with a dot";
		if (c == ' ')
			return "has a space in it";
		if (!is_ascii(c))
			*out_ascii = false;
		else if (!is_alnum(c) && c != '.' && !is_atom_mark(c))
			return "has a character before the @ that may not stand there";
		before = c;
	}
	if (local.len == 0)
		return "has nothing before the @";
	/* Legal, but in a cell it is the mark of a spreadsheet, so a key never begins so. */
	if (local.ptr[0] == '\'')
		return "begins with an apostrophe";
	if (before == '.')
		return "has a dot right before the @";
	return NULL;
}

/* Fold, check what came of it (folding changes letters and lengths), keep it. */
static const char *take_local(struct parse *parse, struct text local)
{
	struct text folded = placeholder_fold(parse->arena, local);

	if (!folded.ptr) {
		parse->no_memory = true;
		return NULL;
	}
	const char *reason = parse->quoted ? NULL : check_atoms(folded, &parse->ascii);

	if (reason)
		return reason;
	if (local.len > LOCAL_BYTES_MAX || folded.len > LOCAL_BYTES_MAX)
		return "has more than 64 bytes before the @";
	if (!parse->ascii && has_hidden(folded))
		return "has an invisible character or a space before the @";
	parse->local = folded;
	return NULL;
}

/* The characters a quoted local part means; absent without memory. */
static struct text unquote(struct arena *arena, struct text inner)
{
	char *out = arena_take(arena, inner.len);
	size_t used = 0;

	if (!out)
		return TEXT_NONE;
	for (size_t i = 0; i < inner.len; i++) {
		if (inner.ptr[i] == '\\')
			i++;
		if (i < inner.len)
			out[used++] = inner.ptr[i];
	}
	return (struct text){out, used};
}

/* The shortest quoted form; absent without memory. */
static struct text quote(struct arena *arena, struct text meant)
{
	char *out = arena_take(arena, 2 * meant.len + 2);
	size_t used = 0;

	if (!out)
		return TEXT_NONE;
	out[used++] = '"';
	for (size_t i = 0; i < meant.len; i++) {
		if (meant.ptr[i] == '"' || meant.ptr[i] == '\\')
			out[used++] = '\\';
		out[used++] = meant.ptr[i];
	}
	out[used++] = '"';
	return (struct text){out, used};
}

/* `inner` is what stands between the quotes, still escaped. */
static const char *read_quoted(struct parse *parse, struct text inner)
{
	struct text meant = unquote(parse->arena, inner);
	struct text local = meant;

	if (meant.ptr && check_atoms(meant, &parse->ascii)) {
		parse->quoted = true;
		parse->ascii = true;
		local = quote(parse->arena, meant);
	}
	if (!meant.ptr || !local.ptr) {
		parse->no_memory = true;
		return NULL;
	}
	if (meant.len == 0)
		return "has nothing before the @";
	for (size_t i = 0; i < meant.len; i++) {
		if (!is_ascii(meant.ptr[i]))
			parse->ascii = false;
		else if (meant.ptr[i] < ' ' || meant.ptr[i] == 0x7F)
			return "has a control character in it";
	}
	return take_local(parse, local);
}

static bool is_number(struct text label)
{
	for (size_t i = 0; i < label.len; i++) {
		if (label.ptr[i] < '0' || label.ptr[i] > '9')
			return false;
	}
	return label.len > 0;
}

static const char *check_label(struct text label)
{
	if (label.len == 0)
		return "has a dot too many in its domain";
	if (label.len > LABEL_BYTES_MAX)
		return "has a part of more than 63 characters in its domain";
	if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return "has a hyphen at the edge of a part of its domain";
	for (size_t i = 0; i < label.len; i++) {
		if (!is_alnum(label.ptr[i]) && label.ptr[i] != '-')
			return "has a character in its domain that may not stand there";
	}
	return NULL;
}

/* NULL when the ASCII `domain` is one that mail can be sent to, else the reason. */
static const char *check_domain(struct text domain)
{
	struct text label = domain, rest = domain;
	size_t labels = 0;

	while (rest.ptr) {
		label = text_split(rest, '.', &rest);
		const char *reason = check_label(label);

		if (reason)
			return reason;
		labels++;
	}
	if (is_number(label))
		return "has an IP number in place of a domain";
	if (labels < 2)
		return "has no dot in its domain";
	if (label.len < 2)
		return "has a domain that ends in a single letter";
	return NULL;
}

/* The A-label form of a domain in any script. */
static const char *read_international(struct parse *parse, struct text domain)
{
	/* With a NUL behind it; there is none inside. */
	struct text input = arena_copy(parse->arena, domain);
	uint8_t *label = NULL;

	if (!input.ptr) {
		parse->no_memory = true;
		return NULL;
	}
	int code = idn2_lookup_u8((const uint8_t *)input.ptr, &label,
				  IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	if (code == IDN2_OK)
		parse->domain = arena_copy(parse->arena, text_of((const char *)label));
	idn2_free(label);
	if (code == IDN2_MALLOC || (code == IDN2_OK && !parse->domain.ptr)) {
		parse->no_memory = true;
		return NULL;
	}
	if (code != IDN2_OK)
		return "has a domain that is not a valid international name";
	/* A full stop of another script becomes the root's dot only now. */
	if (parse->domain.len && parse->domain.ptr[parse->domain.len - 1] == '.')
		parse->domain.len--;
	return NULL;
}

static const char *read_domain(struct parse *parse, struct text domain)
{
	bool ascii = true;
	const char *reason = NULL;

	if (domain.len == 0)
		return "has nothing behind the @";
	if (domain.len > DOMAIN_RAW_BYTES_MAX)
		return "is longer than 254 bytes";
	for (size_t i = 0; i < domain.len; i++) {
		char c = domain.ptr[i];

		if (c == ' ')
			return "has a space in it";
		if (!is_ascii(c))
			ascii = false;
		else if (!is_alnum(c) && c != '-' && c != '.')
			return "has a character in its domain that may not stand there";
	}
	if (ascii)
		parse->domain = placeholder_fold(parse->arena, domain);
	else
		reason = read_international(parse, domain);
	if (ascii && !parse->domain.ptr)
		parse->no_memory = true;
	if (reason || parse->no_memory)
		return reason;
	return check_domain(parse->domain);
}

/* The quote that ends the quoted text which begins `text`; NULL without one. */
static const char *closing_quote(struct text text)
{
	for (size_t i = 1; i < text.len; i++) {
		if (text.ptr[i] == '\\')
			i++;
		else if (text.ptr[i] == '"')
			return text.ptr + i;
	}
	return NULL;
}

static bool has_any(struct text text, const char *marks)
{
	for (; *marks; marks++) {
		if (memchr(text.ptr, *marks, text.len))
			return true;
	}
	return false;
}

/* NULL when `text` is an address, then in `parse`; else the reason why not. */
static const char *read_address(struct parse *parse, struct text text)
{
	bool quoted = text.ptr[0] == '"';
	const char *close = quoted ? closing_quote(text) : NULL;
	size_t from = close ? (size_t)(close - text.ptr) : 0;
	const char *at = memchr(text.ptr + from, '@', text.len - from);

	if (quoted && (!close || at != close + 1))
		return "has quotes that do not end right before the @";
	if (!at)
		return "has no @";
	struct text local = {text.ptr, (size_t)(at - text.ptr)};
	struct text domain = text_skip(text, local.len + 1);

	if (memchr(domain.ptr, '@', domain.len))
		return has_any(text, " ,;") ? "is more than one address; send one"
					    : "has more than one @";
	const char *reason = quoted ? read_quoted(parse, (struct text){text.ptr + 1, from - 1})
				    : take_local(parse, local);

	if (reason || parse->no_memory)
		return reason;
	reason = read_domain(parse, domain);
	if (!reason && parse->local.len + 1 + parse->domain.len > ADDRESS_BYTES_MAX)
		return "is longer than 254 bytes";
	return reason;
}

static bool is_domain_of(struct text domain, struct text name)
{
	return text_starts(domain, name) && domain.len > name.len && domain.ptr[name.len] == '.';
}

/* `local` @ `domain`; absent without memory. */
static struct text join(struct parse *parse, struct text local, struct text domain)
{
	char *out = arena_take(parse->arena, local.len + 1 + domain.len);

	if (!out) {
		parse->no_memory = true;
		return TEXT_NONE;
	}
	memcpy(out, local.ptr, local.len);
	out[local.len] = '@';
	memcpy(out + local.len + 1, domain.ptr, domain.len);
	return (struct text){out, local.len + 1 + domain.len};
}

/* `local` without its dots (with `instead` in their place, where that is not NUL). */
static struct text replace_dots(struct parse *parse, struct text local, char instead)
{
	char *out = arena_take(parse->arena, local.len);
	size_t used = 0;

	if (!out) {
		parse->no_memory = true;
		return TEXT_NONE;
	}
	for (size_t i = 0; i < local.len; i++) {
		if (local.ptr[i] != '.')
			out[used++] = local.ptr[i];
		else if (instead)
			out[used++] = instead;
	}
	return (struct text){out, used};
}

/* The address that is likely the same mailbox; absent when there is none other. */
static struct text hint_of(struct parse *parse)
{
	struct text rest, domain = parse->domain;
	struct text local = text_split(parse->local, '+', &rest);

	if (text_is(domain, TEXT("gmail.com")) || text_is(domain, TEXT("googlemail.com"))) {
		domain = TEXT("gmail.com");
		local = replace_dots(parse, local, '\0');
	} else if (text_is(domain, TEXT("ya.ru")) ||
		   (parse->provider && is_domain_of(domain, TEXT("yandex")))) {
		domain = TEXT("yandex.ru");
		local = replace_dots(parse, local, '-');
	} else if (parse->provider && is_domain_of(domain, TEXT("yahoo"))) {
		local = text_split(local, '-', &rest);
	}
	bool same = text_is(local, parse->local) && text_is(domain, parse->domain);

	if (same || local.len == 0 || local.ptr[local.len - 1] == '.')
		return TEXT_NONE;
	struct text hint = join(parse, local, domain);

	return hint.ptr && placeholder_email(hint) ? TEXT_NONE : hint;
}

static enum email_kind kind_of(const struct parse *parse)
{
	struct text tag, name = text_split(parse->local, '+', &tag);

	if (parse->quoted)
		return EMAIL_QUOTED;
	if (!parse->ascii)
		return EMAIL_EAI;
	if (is_listed(name, roles, ARRAY_LEN(roles)))
		return EMAIL_ROLE;
	return parse->provider ? EMAIL_PERSONAL : EMAIL_WORK;
}

/* The first full-width @ as a plain one, in an address that has no plain one. */
static struct text narrow_at(struct parse *parse, struct text text)
{
	const char *wide = memmem(text.ptr, text.len, "＠", 3);

	if (!wide || memchr(text.ptr, '@', text.len))
		return text;
	struct text local = {text.ptr, (size_t)(wide - text.ptr)};

	return join(parse, local, text_skip(text, local.len + 3));
}

/* UTF-8 without what stands around the address; absent, or no_memory, when there is none. */
static struct text clean(struct parse *parse, struct text text)
{
	struct text query;

	text = placeholder_strip(parse->arena, text);
	if (text.ptr)
		text = placeholder_unwrap(text);
	if (text.len > 7 && text_is_nocase((struct text){text.ptr, 7}, TEXT("mailto:"))) {
		text = text_split(text_skip(text, 7), '?', &query);
		text = placeholder_decode(parse->arena, text);
		if (text.ptr && !text_is_utf8(text))
			return TEXT("");
		if (text.ptr)
			text = placeholder_strip(parse->arena, text);
		if (text.ptr)
			text = placeholder_unwrap(text);
	}
	if (text.ptr)
		text = narrow_at(parse, text);
	parse->no_memory = parse->no_memory || !text.ptr;
	return text;
}

/* Fill `email`, whose display is the cleaned address. */
static void read_email(struct parse *parse, struct email *email)
{
	struct text text = email->display;

	email->reason = text.len ? read_address(parse, text) : "is empty";
	if (parse->no_memory)
		return;
	if (email->reason) {
		const char *at = text.len ? memrchr(text.ptr, '@', text.len) : NULL;
		bool literal =
			at &&
			text_starts(text_skip(text, (size_t)(at - text.ptr) + 1), TEXT("[")) &&
			text.ptr[text.len - 1] == ']';

		email->kind = literal ? EMAIL_LITERAL : EMAIL_INVALID;
		if (literal)
			email->reason = "names a machine's number, not a mail domain";
		return;
	}
	email->key = join(parse, parse->local, parse->domain);
	if (email->key.ptr && placeholder_email(email->key)) {
		email->kind = EMAIL_PLACEHOLDER;
		email->key = TEXT_NONE;
		email->reason = "is a placeholder that stands for no address";
		return;
	}
	parse->provider = is_listed(parse->domain, providers, ARRAY_LEN(providers));
	email->kind = kind_of(parse);
	email->weak = email->kind == EMAIL_ROLE;
	if (email->kind != EMAIL_QUOTED)
		email->hint = hint_of(parse);
}

enum err_code email_parse(struct arena *arena, struct text input, struct email *out,
			  struct err *err)
{
	struct parse parse = {.arena = arena};
	struct email email = {.kind = EMAIL_INVALID};

	if (input.len > INPUT_BYTES_MAX) {
		email.reason = "is longer than 254 bytes";
	} else if (input.len > 0 && !text_is_utf8(input)) {
		email.reason = "is not valid UTF-8 text";
	} else {
		email.display = input.len ? clean(&parse, input) : TEXT("");
		if (!parse.no_memory)
			read_email(&parse, &email);
	}
	if (parse.no_memory)
		return err_memory(err);
	if (email.kind == EMAIL_INVALID)
		email.display = TEXT_NONE;
	*out = email;
	return ERR_OK;
}

#define KIND_NAME(name, text) text,

const char *email_kind_name(enum email_kind kind)
{
	static const char *const names[] = {EMAIL_KIND_LIST(KIND_NAME)};

	return names[kind];
}
