/*
 * lead_custom: custom fields of a lead that is being written. An input calls them by name; the
 * values are in the lead's metadata, under each field's key.
 *
 * Holds    nothing.
 * Threads  the writer.
 * Fails    ERR_INVALID_INPUT, store errors.
 */
#ifndef COMMAND_LEAD_CUSTOM_H
#define COMMAND_LEAD_CUSTOM_H

#include "command/lead_act.h"

/*
 * Before the input is applied: put the plan's custom fields into its metadata. An unknown name
 * makes a field.
 */
MUST_USE enum err_code lead_custom_resolve(struct lead_act *act, struct record_input *input,
					   struct err *err);

#endif
