#include "lead/status.h"

enum { DIALECT_COUNT = STATUS_LEADS + 1 };

static const char *const words[STATUS_COUNT][DIALECT_COUNT] = {
	/* inside, runtime, leads */
	[STATUS_NEW] = {"new", "New", "new"},
	[STATUS_WAITING] = {"waiting", "Waiting", "follow_up"},
	[STATUS_CONTACTED] = {"contacted", "Contacted", "contacted"},
	[STATUS_REPLIED] = {"replied", "Replied", "contacted"},
	[STATUS_INTERESTED] = {"interested", "Interested", "qualified"},
	[STATUS_QUALIFIED] = {"qualified", "Interested", "qualified"},
	[STATUS_MEETING_BOOKED] = {"meeting_booked", "MeetingBooked", "qualified"},
	[STATUS_CONVERTED] = {"converted", "MeetingBooked", "converted"},
	[STATUS_FOLLOW_UP] = {"follow_up", "Waiting", "follow_up"},
	[STATUS_NOT_INTERESTED] = {"not_interested", "NotInterested", "lost"},
	[STATUS_LOST] = {"lost", "NotInterested", "lost"},
	[STATUS_DO_NOT_CONTACT] = {"do_not_contact", "DoNotContact", "lost"},
};

struct text status_word(enum status status, enum status_dialect dialect)
{
	return text_of(words[status][dialect]);
}

static bool shows(enum status status, enum status_dialect dialect, struct text word)
{
	return text_is(status_word(status, dialect), word);
}

/*
 * A word means the status of that very name, where the dialect shows it so; else the first one
 * that it shows so.
 */
static bool meaning(struct text word, enum status_dialect dialect, enum status *out)
{
	unsigned bits;
	unsigned namesake;

	if (!status_set(word, dialect, &bits))
		return false;
	if (status_set(word, STATUS_INSIDE, &namesake) && (bits & namesake))
		bits = namesake;
	*out = (enum status)__builtin_ctz(bits);
	return true;
}

bool status_from_word(struct text word, enum status_dialect dialect, enum status current,
		      enum status *out)
{
	if (shows(current, dialect, word)) {
		*out = current;
		return true;
	}
	return meaning(word, dialect, out);
}

bool status_set(struct text word, enum status_dialect dialect, unsigned *out_bits)
{
	unsigned bits = 0;

	for (enum status status = STATUS_NEW; status < STATUS_COUNT; status++) {
		if (shows(status, dialect, word))
			bits |= 1U << status;
	}
	if (bits == 0)
		return false;
	*out_bits = bits;
	return true;
}

enum { END = -1 };

static bool is_separator(char c)
{
	return c == ' ' || c == '_' || c == '-' || (c >= '\t' && c <= '\r');
}

/* The byte that counts at or behind *at, in lower case, and *at past it; END without one. */
static int next_letter(struct text text, size_t *at)
{
	while (*at < text.len && is_separator(text.ptr[*at]))
		(*at)++;
	if (*at == text.len)
		return END;
	char c = text.ptr[(*at)++];

	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool reads_as(struct text written, struct text word)
{
	size_t at = 0;
	size_t word_at = 0;
	int letter;

	do {
		letter = next_letter(written, &at);
		if (letter != next_letter(word, &word_at))
			return false;
	} while (letter != END);
	return true;
}

/* Every dialect's words are inside words but for case and separators; a test holds them to it. */
bool status_from_file(struct text word, enum status *out)
{
	for (enum status status = STATUS_NEW; status < STATUS_COUNT; status++) {
		if (reads_as(word, status_word(status, STATUS_INSIDE))) {
			*out = status;
			return true;
		}
	}
	return false;
}
