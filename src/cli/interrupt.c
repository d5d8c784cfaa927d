#include "cli/interrupt.h"

#include <signal.h>
#include <time.h>

static volatile sig_atomic_t flag;

static void set_flag(int number)
{
	(void)number;
	flag = 1;
}

void interrupt_catch(void)
{
	struct sigaction action = {.sa_handler = set_flag, .sa_flags = (int)SA_RESETHAND};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool interrupt_came(void)
{
	return flag != 0;
}

void interrupt_rest(int64_t ms)
{
	struct timespec rest = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&rest, NULL);
}
