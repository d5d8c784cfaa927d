/*
 * grid: the values of leads by which they are filtered and sorted, column by column, in the file
 * of the search index. Made from the leads by store/grid_fill.h, read by grid_bits.h and
 * grid_order.h. This header says how it lies on disk.
 *
 * A chunk is 1,024 leads with consecutive numbers (lead.no >> 10), so a workspace is one range of
 * chunks. A cell is 8 bytes; a column of a chunk is one row. A set is a bit for each lead; a set of
 * a chunk is one row. What is all zero has no row, so what nobody uses costs nothing.
 *
 * Holds    nothing.
 * Threads  the connection's.
 * Fails    as store/db.h.
 */
#ifndef STORE_GRID_H
#define STORE_GRID_H

#include "lead/fields.h"
#include "lead/fold.h"
#include "lead/identifier.h"
#include "store/db.h"

#define GRID_CHUNK_BITS 10
#define GRID_CHUNK ((size_t)1 << GRID_CHUNK_BITS) /* leads */
#define GRID_WORDS (GRID_CHUNK / 64)              /* of a set of a chunk */
#define GRID_MEMBERS_BYTES (GRID_CHUNK / 8)

/*
 * Columns. Every number is kept so that unsigned order is its order and 0 means absent.
 * For a field that is found by its word: a hash of the word's form (fold_value). For one that can
 * be sorted by: the first 16 bytes of its folded text, in two columns.
 */
enum grid_column {
	GRID_FIELDS,  /* bit 1 << enum field_id: it has a value */
	GRID_CREATED, /* milliseconds since 1970 */
	GRID_UPDATED,
	GRID_COMPANY, /* grid_company_cell of the company's keys, strongest first … */
	GRID_COMPANY_LAST = GRID_COMPANY + 3, /* … in COMPANY_KEYS_MAX columns */
	GRID_STATUS_CELL,                     /* enum status, plus 1 */
	GRID_OF_FIELDS = 16,
	GRID_COLUMN_COUNT = GRID_OF_FIELDS + 3 * FIELD_COUNT
};

_Static_assert(FIELD_COUNT <= 64, "GRID_FIELDS has a bit for each field");

static inline enum grid_column grid_value_column(enum field_id field)
{
	return (enum grid_column)(GRID_OF_FIELDS + 3 * (int)field);
}

/* Bytes 0 to 7 (half 0) or 8 to 15 (half 1) of the text that the field is sorted by. */
static inline enum grid_column grid_sort_column(enum field_id field, int half)
{
	return (enum grid_column)(GRID_OF_FIELDS + 3 * (int)field + 1 + half);
}

/* What the two sort columns hold of a folded text. */
uint64_t grid_text_cell(struct text folded, int half);

/* A hash, never 0. */
uint64_t grid_hash_cell(struct text form);

uint64_t grid_number_cell(double number);
uint64_t grid_company_cell(const struct identifier_key *key);
uint64_t grid_time_cell(int64_t at_ms);

/* Kinds of sets. The key of a set is its kind in the highest byte, and what it is of. */
enum grid_set {
	GRID_ALL = 1, /* every lead that there is */
	GRID_STATUS,
	GRID_LIST,
	GRID_TAG,
	GRID_MISSION,
	GRID_STAGE,
	GRID_IMPORT, /* the oldest that the lead remembers */
	GRID_CHATBOT,
	GRID_WORD /* leads that have a word which begins so, or is so when it is that short */
};

int64_t grid_key_of(enum grid_set set, uint64_t number);
int64_t grid_key_of_text(enum grid_set set, struct text text);
int64_t grid_key_of_uuid(enum grid_set set, struct uuid id);

/* The key for the first `count` characters of a word. */
int64_t grid_key_of_word(const struct fold_word *word, size_t count);

/* Changes whenever columns would mean something else than before. */
int64_t grid_layout(void);

static inline int64_t grid_chunk_of(int64_t no)
{
	return no >> GRID_CHUNK_BITS;
}

static inline size_t grid_slot_of(int64_t no)
{
	return (size_t)no & (GRID_CHUNK - 1);
}

/* The row of a column and chunk. */
static inline int64_t grid_row_key(enum grid_column column, int64_t chunk)
{
	return (int64_t)column << 53 | chunk;
}

static inline int64_t grid_row_chunk(int64_t key)
{
	return key & (((int64_t)1 << 53) - 1);
}

/* Take a row's members into `bits` (added to those that are there), or make a row of them. */
void grid_members_add(struct text members, uint64_t bits[GRID_WORDS]);
size_t grid_members_pack(const uint64_t bits[GRID_WORDS], unsigned char out[GRID_MEMBERS_BYTES]);

#endif
