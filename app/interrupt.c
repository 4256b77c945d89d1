/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "interrupt.h"

#include <signal.h>

static volatile sig_atomic_t caught;

static void catch (int number)
{
  caught = number;
}

/**
 * converge_interrupt_catch:
 *
 * From now on the first Ctrl-C, the first SIGTERM and the first SIGHUP are only
 * noted; a second one ends the process as if nothing had been said. Those
 * which whoever started us wants ignored, as nohup does, stay ignored.
 */
void
converge_interrupt_catch (void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      /* No SA_RESTART: a write that waits for its reader shall return. */
      struct sigaction action = { .sa_handler = catch, .sa_flags = SA_RESETHAND };
      struct sigaction before;

      if (sigaction (signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction (signals[i], &action, NULL);
    }
}

/**
 * converge_interrupt_signal:
 *
 * Returns: the signal that asks us to stop, 0 if there was none
 */
int
converge_interrupt_signal (void)
{
  return caught;
}
