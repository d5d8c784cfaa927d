/*
 * lead_marks: the pipeline stage and the chatbot of a lead that is being written.
 *
 * Holds    nothing.
 * Threads  the writer.
 * Fails    ERR_STAGE_NOT_FOUND, store errors.
 */
#ifndef COMMAND_LEAD_MARKS_H
#define COMMAND_LEAD_MARKS_H

#include "command/lead_act.h"

/* Put the plan's stage and chatbot into the record. A chatbot that a lead has stays. */
MUST_USE enum err_code lead_marks_apply(struct lead_act *act, struct err *err);

#endif
