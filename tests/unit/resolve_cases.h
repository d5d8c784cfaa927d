/*
 * resolve_cases: what becomes of a write, case by case, for test_resolve.c and for readers.
 *
 * "email:1" is an e-mail that lead 1 has, "slug:-" one that nobody has, "member:1A" a number that
 * lead 1 has as A. Answers name the verdict and the fate of each.
 *
 * Holds, Threads, Fails: a constant table.
 */
#ifndef RESOLVE_CASES_H
#define RESOLVE_CASES_H

#include "lead/resolve.h"

static const struct {
	enum resolve_policy policy;
	const char *given;
	const char *answer;
} named_cases[] = {
	/* Nobody is hit: a new lead with all of it. */
	{RESOLVE_REJECT, "member:- slug:- email:-", "create: gained gained gained"},
	/* One is hit: it gains what is new, a number too where it had none. */
	{RESOLVE_REJECT, "email:1 slug:- ext:-", "attach 1: held gained gained"},
	{RESOLVE_REJECT, "email:1 acoa:-", "attach 1: held gained"},
	{RESOLVE_REJECT, "lead:1A member:1A slug:1A email:1A", "attach 1: held held held held"},
	/* Two are hit: a conflict, the stronger one, or both together. */
	{RESOLVE_REJECT, "slug:1 email:2 ext:-", "conflict several: left left left"},
	{RESOLVE_PREFER, "email:1 ext:- slug:2", "attach 2: left gained held"},
	{RESOLVE_MERGE, "email:1 slug:2 ext:-", "join: held held gained"},
	{RESOLVE_MERGE, "member:1A email:2 ext:-", "join: held held gained"},
	/* The order of strength; of two external ids the older lead wins. */
	{RESOLVE_PREFER, "ext:1 lead:2", "attach 2: left held"},
	{RESOLVE_PREFER, "member:1A ext:2", "attach 2: left held"},
	{RESOLVE_PREFER, "slug:1 acwa:2A", "attach 2: left held"},
	{RESOLVE_PREFER, "email:1 slug:2", "attach 2: left held"},
	{RESOLVE_PREFER, "private:1 email:2", "attach 2: left held"},
	{RESOLVE_PREFER, "ext:3 ext:2 email:1", "attach 2: left held left"},
	/* Cannot-link: reject and merge refuse, even where a lead id says otherwise. */
	{RESOLVE_REJECT, "member:- email:1B", "conflict cannot-link: left left"},
	{RESOLVE_MERGE, "member:- email:1B", "conflict cannot-link: left left"},
	{RESOLVE_REJECT, "lead:1B member:-", "conflict cannot-link: left left"},
	/* Two leads hit that differ in number; a third one between them changes nothing. */
	{RESOLVE_REJECT, "slug:1A email:2B", "conflict cannot-link: left left"},
	{RESOLVE_MERGE, "slug:1A email:2 private:3B", "conflict cannot-link: left left left"},
	{RESOLVE_PREFER, "slug:1A email:2B", "attach 1: held left"},
	/* Prefer passes over a lead that may not have the number, and makes one if need be. */
	{RESOLVE_PREFER, "member:- email:1B private:2", "attach 2: gained left held"},
	{RESOLVE_PREFER, "member:- email:1B ext:-", "create: gained left gained"},
	/* A lead id or external id outranks the number, which stays where it is or free. */
	{RESOLVE_PREFER, "lead:1B member:- email:-", "attach 1: held left gained"},
	{RESOLVE_PREFER, "ext:1B member:2A email:-", "attach 1: held left gained"},
	/* A slug of another person moves to where the number is. */
	{RESOLVE_REJECT, "member:- slug:1B", "create: gained moved"},
	{RESOLVE_REJECT, "member:1A slug:2B", "attach 1: held moved"},
	{RESOLVE_REJECT, "member:- slug:2B email:1", "attach 1: gained moved held"},
	{RESOLVE_MERGE, "member:1A slug:3B email:2", "join: held moved held"},
	/* It stays when the chosen lead does not get the number, or has the slug itself. */
	{RESOLVE_PREFER, "ext:1B member:- slug:2B", "attach 1: held left left"},
	{RESOLVE_PREFER, "lead:1 member:2A slug:3B", "attach 1: held left left"},
	{RESOLVE_PREFER, "lead:1B member:- slug:1B", "attach 1: held left held"},
	/* An email of that person does not move, and hits as ever. */
	{RESOLVE_PREFER, "member:- slug:1B email:1B", "create: gained moved left"},
	{RESOLVE_REJECT, "member:- slug:1B email:1B", "conflict cannot-link: left left left"},
	/* Where either number is unknown a slug finds its owner. */
	{RESOLVE_REJECT, "member:- slug:1", "attach 1: gained held"},
	{RESOLVE_REJECT, "slug:1B email:-", "attach 1: held gained"},
	/* A role mailbox counts alone; beside something stronger it is ignored. */
	{RESOLVE_REJECT, "role:1", "attach 1: held"},
	{RESOLVE_REJECT, "role:1 role:2", "attach 1: held left"},
	{RESOLVE_REJECT, "role:-", "create: gained"},
	{RESOLVE_REJECT, "role:1 email:-", "create: ignored gained"},
	{RESOLVE_REJECT, "role:1B member:- email:2", "attach 2: ignored gained held"},
	{RESOLVE_REJECT, "role:- slug:1 email:2", "conflict several: left left left"},
};

#endif
