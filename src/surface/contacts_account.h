/*
 * contacts_account: who asks, as the contacts dialect has it. A key stands for its user, its
 * workspace for the team.
 *
 *   GET /id/api/users/current   the key: its number and name, and the team
 *   GET /id/api/teams           the one team there is for a key
 *   GET /id/api/teams/{id}      that one by its number
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering.
 */
#ifndef SURFACE_CONTACTS_ACCOUNT_H
#define SURFACE_CONTACTS_ACCOUNT_H

#include "surface/visit.h"

void contacts_account_user(struct visit *visit);
void contacts_account_user_finish(struct visit *visit);
void contacts_account_teams(struct visit *visit);
void contacts_account_teams_finish(struct visit *visit);
void contacts_account_team(struct visit *visit);
void contacts_account_team_finish(struct visit *visit);

#endif
