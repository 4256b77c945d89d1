/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "interrupt.h"

#include <signal.h>

static volatile sig_atomic_t caught;

static AgWork work;

static void catch (int number)
{
  caught = number;
  ag_work_set_cancelled (&work, TRUE);
}

/**
 * converge_interrupt_each:
 * @heed: called with the number of a signal
 * @user_data: given to @heed
 *
 * Goes through the signals that ask a program to leave: Ctrl-C, SIGTERM and
 * SIGHUP, but for those which whoever started us wants ignored, as nohup does.
 */
void
converge_interrupt_each (void (*heed) (int number,
                                       gpointer user_data),
                         gpointer user_data)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      struct sigaction before;

      if (sigaction (signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        heed (signals[i], user_data);
    }
}

static void
catch_once (int number,
            gpointer user_data)
{
  /* No SA_RESTART: a write that waits for its reader shall return. */
  struct sigaction action = { .sa_handler = catch, .sa_flags = SA_RESETHAND };

  sigaction (number, &action, NULL);
}

/**
 * converge_interrupt_catch:
 *
 * From now on the first of each signal that asks us to leave is only noted; a
 * second one ends the process as if nothing had been said.
 */
void
converge_interrupt_catch (void)
{
  converge_interrupt_each (catch_once, NULL);
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

/**
 * converge_interrupt_work:
 *
 * Returns: (transfer none): work that is cancelled as soon as a signal asks us to stop
 */
AgWork *
converge_interrupt_work (void)
{
  return &work;
}
