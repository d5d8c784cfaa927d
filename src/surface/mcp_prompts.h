/*
 * mcp_prompts: texts that a person picks to set a model to work: import a file, clean up
 * duplicates, prepare an outreach list.
 *
 * Holds    nothing; the texts are constant.
 * Threads  the exchange's.
 * Fails    by answering -32602: an unknown prompt, a missing, unknown or too long argument.
 */
#ifndef SURFACE_MCP_PROMPTS_H
#define SURFACE_MCP_PROMPTS_H

#include "surface/mcp.h"

void mcp_prompts_list(struct mcp_exchange *exchange);
void mcp_prompts_get(struct mcp_exchange *exchange);

/* Whether there is a prompt of that name, and one that takes that argument. */
bool mcp_prompts_has(struct text prompt);
bool mcp_prompts_has_argument(struct text prompt, struct text argument);

#endif
