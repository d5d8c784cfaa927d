/*
 * columns_learn: what columns mean whose headers do not tell, by what stands in them.
 *
 * A column headed "Link" that holds people's LinkedIn profiles identifies them, and an unknown
 * header above e-mail addresses is an e-mail column. Learned columns fill gaps only: what the
 * caller mapped, or a known tool's format, is never changed. A value that is not of the kind the
 * others are goes where the column went before.
 *
 * Holds    nothing.
 * Threads  any, one at a time on one struct columns.
 * Fails    for want of memory only.
 */
#ifndef LEAD_COLUMNS_LEARN_H
#define LEAD_COLUMNS_LEARN_H

#include "lead/columns.h"

#define COLUMNS_SAMPLE_ROWS 50

/* The first rows of a file, the same each time it is read, so that the answer is the same too. */
struct columns_sample {
	const struct text *cells[COLUMNS_SAMPLE_ROWS];
	size_t cell_counts[COLUMNS_SAMPLE_ROWS];
	size_t count;
	bool has_email;    /* rows tell their e-mail address beside the columns */
	bool has_linkedin; /* and their LinkedIn profile */
};

/*
 * Give email, linkedin_url and linkedin_id to columns of `columns` whose values are such. `arena`
 * is the one the columns were detected with; the sample is not borrowed.
 */
MUST_USE enum err_code columns_learn(struct arena *arena, struct columns *columns,
				     const struct columns_sample *sample, struct err *err);

/*
 * Whether `text` of a learned column belongs to the target that was learned: it is of that kind,
 * be it a broken one that the caller should be told of. *out_fits borrows nothing.
 */
MUST_USE enum err_code columns_learn_fits(struct arena *arena, enum columns_target target,
					  struct text text, bool *out_fits, struct err *err);

#endif
