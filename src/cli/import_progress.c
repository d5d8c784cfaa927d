#include "cli/import_progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/say.h"

#define FIRST_US ((int64_t)500000) /* what is quicker than that needs no bar */
#define BAR_US ((int64_t)150000)
#define LINE_US ((int64_t)5000000)
#define BAR_COLUMNS 24

void import_progress_init(struct import_progress *progress)
{
	*progress = (struct import_progress){.began_us = clock_steady_us(),
					     .first_rows = -1,
					     .is_terminal = isatty(STDERR_FILENO) == 1};
}

void import_progress_count(struct buf *out, int64_t number)
{
	char digits[32];
	int len = snprintf(digits, sizeof digits, "%lld", (long long)number);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
			buf_add_char(out, ',');
		buf_add_char(out, digits[i]);
	}
}

void import_progress_time(struct buf *out, int64_t seconds)
{
	int hours = (int)(seconds / 3600), minutes = (int)(seconds / 60 % 60);

	if (hours > 0)
		buf_add_format(out, "%d:%02d:%02d", hours, minutes, (int)(seconds % 60));
	else
		buf_add_format(out, "%d:%02d", minutes, (int)(seconds % 60));
}

static bool is_due(struct import_progress *progress)
{
	int64_t now_us = clock_steady_us();
	int64_t gap_us = progress->is_terminal ? BAR_US : LINE_US;

	if (now_us - progress->began_us < (progress->is_terminal ? FIRST_US : LINE_US) ||
	    (progress->shown_us && now_us - progress->shown_us < gap_us))
		return false;
	progress->shown_us = now_us;
	return true;
}

static void show_line(struct import_progress *progress, const struct buf *line)
{
	struct text text = buf_text(line);

	if (progress->is_terminal)
		fprintf(stderr, "\r\033[K%.*s", TEXT_ARG(text));
	else
		fprintf(stderr, "%.*s\n", TEXT_ARG(text));
	fflush(stderr);
	progress->has_bar = progress->is_terminal;
}

static void add_bar(struct buf *line, double fraction)
{
	int filled = (int)(fraction * BAR_COLUMNS);

	buf_add_char(line, '[');
	for (int i = 0; i < BAR_COLUMNS; i++)
		buf_add_char(line, i < filled ? '#' : '.');
	buf_add(line, TEXT("] "));
}

void import_progress_upload(struct import_progress *progress, int64_t done, int64_t total)
{
	struct buf line;

	if (!is_due(progress))
		return;
	buf_init(&line, 256);
	if (progress->is_terminal && total > 0)
		add_bar(&line, (double)done / (double)total);
	buf_add(&line, TEXT("sending "));
	import_progress_count(&line, done / 1024);
	if (total > 0) {
		buf_add(&line, TEXT(" of "));
		import_progress_count(&line, total / 1024);
	}
	buf_add(&line, TEXT(" KiB"));
	show_line(progress, &line);
	buf_release(&line);
}

/* ", 8,400 rows/s, 0:12 left" */
static void add_speed(struct import_progress *progress, struct buf *line, int64_t rows,
		      double fraction)
{
	double seconds = (double)(clock_steady_us() - progress->began_us) / 1e6;
	double rate = (double)(rows - progress->first_rows) / seconds;

	if (rate < 1 || fraction <= 0)
		return;
	buf_add(line, TEXT(", "));
	import_progress_count(line, (int64_t)rate);
	buf_add(line, TEXT(" rows/s, "));
	import_progress_time(line,
			     (int64_t)((double)rows / fraction * (1 - fraction) / rate + 0.5));
	buf_add(line, TEXT(" left"));
}

void import_progress_show(struct import_progress *progress, const json_t *import)
{
	const json_t *shares = json_object_get(import, "progress");
	double fraction = json_number_value(json_object_get(shares, "fraction"));
	int64_t rows = json_integer_value(json_object_get(shares, "rows_done"));
	struct buf line;

	if (progress->first_rows < 0)
		progress->first_rows = rows;
	if (!is_due(progress))
		return;
	buf_init(&line, 256);
	if (progress->is_terminal)
		add_bar(&line, fraction);
	buf_add_format(&line, "%d %%, ", (int)(fraction * 100));
	import_progress_count(&line, rows);
	buf_add(&line, TEXT(" rows"));
	add_speed(progress, &line, rows, fraction);
	show_line(progress, &line);
	buf_release(&line);
}

void import_progress_end(struct import_progress *progress)
{
	if (progress->has_bar)
		fputs("\r\033[K", stderr);
	progress->has_bar = false;
}
