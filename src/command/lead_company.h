/*
 * lead_company: the company of a lead that was written is made known, as command/company_find.h
 * says.
 *
 * Holds    a memory of what was said of companies before, where the writer brings one: an import
 *          names the same few thousands of times. It is a table of hashes, so that a company may
 *          be looked up once more, but is not left out. Forget it whenever somebody else may have
 *          written, or something was undone.
 * Threads  the writer.
 * Fails    store errors; ERR_BUSY without memory.
 */
#ifndef COMMAND_LEAD_COMPANY_H
#define COMMAND_LEAD_COMPANY_H

#include "command/lead_act.h"

struct lead_company_memory {
	uint64_t *hashes; /* 0: free */
};

MUST_USE enum err_code lead_company_memory_init(struct lead_company_memory *memory,
						struct err *err);
void lead_company_memory_forget(struct lead_company_memory *memory);
void lead_company_memory_release(struct lead_company_memory *memory);

/* After the lead was stored: find or make its company, if the write changed what is said of it. */
MUST_USE enum err_code lead_company_store(struct lead_act *act, struct err *err);

#endif
