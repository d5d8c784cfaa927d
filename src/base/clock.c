#include "base/clock.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

#define MS_PER_DAY ((int64_t)86400000)

/* 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: what four digits can say. */
#define AT_MS_MIN ((int64_t)-62135596800000)
#define AT_MS_MAX ((int64_t)253402300799999)

static int64_t system_now(void *state)
{
	struct timespec ts;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void system_random(void *state, void *out, size_t len)
{
	(void)state;
	randombytes_buf(out, len);
}

const struct clock *clock_system(void)
{
	static const struct clock clock = {system_now, system_random, NULL};

	return &clock;
}

int64_t clock_now_ms(const struct clock *clock)
{
	return clock->now_ms(clock->state);
}

int64_t clock_steady_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Days since 1970-01-01 of a Gregorian date; counts from March so that leap days come last. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, int *year, int *month, int *day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era -
			      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153;

	*day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
	*month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static void put_digits(char *out, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
}

void clock_format(int64_t at_ms, char out[CLOCK_TEXT_LEN + 1])
{
	int64_t days = at_ms / MS_PER_DAY - (at_ms % MS_PER_DAY < 0);
	int left = (int)(at_ms - days * MS_PER_DAY);
	int year, month, day;

	date_from_days(days, &year, &month, &day);
	memcpy(out, "0000-00-00T00:00:00.000Z", CLOCK_TEXT_LEN + 1);
	put_digits(out, year, 4);
	put_digits(out + 5, month, 2);
	put_digits(out + 8, day, 2);
	put_digits(out + 11, left / 3600000, 2);
	put_digits(out + 14, left / 60000 % 60, 2);
	put_digits(out + 17, left / 1000 % 60, 2);
	put_digits(out + 20, left % 1000, 3);
}

/* Take `digits` digits off the front of *text. */
static bool take_digits(struct text *text, size_t digits, int *out)
{
	int value = 0;

	if (text->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		char c = text->ptr[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*text = text_skip(*text, digits);
	*out = value;
	return true;
}

static bool take_char(struct text *text, const char *allowed)
{
	if (text->len == 0 || !strchr(allowed, text->ptr[0]) || text->ptr[0] == '\0')
		return false;
	*text = text_skip(*text, 1);
	return true;
}

/* Fraction of a second; digits past the third are dropped. */
static bool take_fraction(struct text *text, int *out_ms)
{
	int ms = 0, scale = 100;
	size_t count = 0;

	while (count < text->len && text->ptr[count] >= '0' && text->ptr[count] <= '9') {
		ms += (text->ptr[count] - '0') * scale;
		scale /= 10;
		count++;
	}
	*text = text_skip(*text, count);
	*out_ms = ms;
	return count > 0;
}

static bool take_offset(struct text *text, int *out_minutes)
{
	int hours, minutes, sign;

	if (take_char(text, "Zz")) {
		*out_minutes = 0;
		return true;
	}
	sign = text->len > 0 && text->ptr[0] == '-' ? -1 : 1;
	if (!take_char(text, "+-") || !take_digits(text, 2, &hours) || !take_char(text, ":") ||
	    !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*out_minutes = sign * (hours * 60 + minutes);
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool clock_parse(struct text text, int64_t *out_ms)
{
	int year, month, day, hour, minute, second, ms = 0, offset;

	if (!take_digits(&text, 4, &year) || !take_char(&text, "-") ||
	    !take_digits(&text, 2, &month) || !take_char(&text, "-") ||
	    !take_digits(&text, 2, &day) || !take_char(&text, "Tt ") ||
	    !take_digits(&text, 2, &hour) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &minute) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &second))
		return false;
	if (take_char(&text, ".") && !take_fraction(&text, &ms))
		return false;
	if (!take_offset(&text, &offset) || text.len != 0)
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) ||
	    hour > 23 || minute > 59 || second > 60)
		return false;
	int minute_of_day = (hour * 60 + minute - offset + 2 * 1440) % 1440;

	/* A leap second is only ever the last one of a UTC day. */
	if (second == 60 && minute_of_day != 1439)
		return false;
	int64_t at_ms = days_from_date(year, month, day) * MS_PER_DAY +
			((int64_t)hour * 3600 + (minute - offset) * 60 + second) * 1000 + ms;

	/* An offset or a leap second can lead out of the years, which clock_format cannot write. */
	if (at_ms < AT_MS_MIN || at_ms > AT_MS_MAX)
		return false;
	*out_ms = at_ms;
	return true;
}
