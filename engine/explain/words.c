/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A parameter is named for a direction if it has so much of what the first has. */
#define WORTH_NAMING 0.4
#define MAX_NAMES 3

/* In steps until a distance has fallen to 1/e. */
#define FAST 10
#define SLOW 100

/**
 * ag_words_number:
 * @value: a number
 *
 * Returns: (transfer full): the number with three digits, for a sentence
 */
char *
ag_words_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.3g", value));
}

/* The parameters that have most of a direction. */
static void
mark_parameters (const AgDirection *direction,
                 guint n,
                 gboolean *is_named)
{
  double greatest = 0;

  for (guint i = 0; i < n; i++)
    greatest = fmax (greatest, fabs (direction->vector[i]));
  for (guint i = 0; i < n; i++)
    is_named[i] |= fabs (direction->vector[i]) >= WORTH_NAMING * greatest;
}

/**
 * ag_words_directions:
 * @account: an account
 * @is_meant: for each of its directions, whether it is meant
 *
 * Returns: (transfer full): the parameters that those directions are mostly of, as a list:
 *   "a and b"; of more than a few, how many
 */
char *
ag_words_directions (const AgAccount *account,
                     const gboolean *is_meant)
{
  const char *const *names = account->after->program->model->parameters;
  g_autofree gboolean *is_named = g_new0 (gboolean, account->n);
  GString *text = g_string_new (NULL);
  guint n_named = 0, n_written = 0;

  for (guint i = 0; i < account->n; i++)
    if (is_meant[i])
      mark_parameters (&account->directions[i], account->n, is_named);
  for (guint i = 0; i < account->n; i++)
    n_named += is_named[i];
  if (n_named > MAX_NAMES)
    {
      g_string_printf (text, _ ("%u parameters"), n_named);
      return g_string_free (text, FALSE);
    }
  for (guint i = 0; i < account->n; i++)
    if (is_named[i])
      {
        if (n_written > 0)
          g_string_append (text, n_written + 1 == n_named ? _ (" and ") : _ (", "));
        g_string_append (text, names[i]);
        n_written++;
      }
  return g_string_free (text, FALSE);
}

/* With a momentum a step may go up the slope. */
static char *
say_uphill (const AgAccount *account)
{
  g_autofree char *promised = ag_words_number (account->promised);
  g_autofree char *change = ag_words_number (fabs (account->final_loss - account->loss));

  if (account->final_loss <= account->loss)
    return g_strdup_printf (_ ("The step went up the slope, which promised to add %s to the loss, "
                               "but the loss fell by %s."),
                            promised, change);
  return g_strdup_printf (_ ("The step went up the slope, which promised to add %s to the loss, and "
                             "the loss rose by %s."),
                          promised, change);
}

static char *
say_ledger (const AgAccount *account)
{
  g_autofree char *promised = ag_words_number (-account->promised);
  g_autofree char *taken_back = ag_words_number (fabs (account->taken_back + account->beyond));
  g_autofree char *change = ag_words_number (fabs (account->final_loss - account->loss));
  const gboolean is_lost = account->taken_back + account->beyond > 0;
  const gboolean has_fallen = account->final_loss <= account->loss;

  if (is_lost && has_fallen)
    return g_strdup_printf (_ ("The slope promised to take %s off the loss, the curve took %s of "
                               "that back, and the loss fell by %s."),
                            promised, taken_back, change);
  if (is_lost)
    return g_strdup_printf (_ ("The slope promised to take %s off the loss, but the curve took back "
                               "%s, and the loss rose by %s."),
                            promised, taken_back, change);
  if (has_fallen)
    return g_strdup_printf (_ ("The slope promised to take %s off the loss, the curve gave %s more, "
                               "and the loss fell by %s."),
                            promised, taken_back, change);
  return g_strdup_printf (_ ("The slope promised to take %s off the loss, the curve gave %s more, "
                             "and yet the loss rose by %s."),
                          promised, taken_back, change);
}

/* How the next steps of gradient descent go on along the directions; NULL where there is
 * nothing to be said. */
static char *
say_directions (const AgAccount *account)
{
  g_autofree gboolean *is_fast = g_new0 (gboolean, account->n);
  g_autofree gboolean *is_slow = g_new0 (gboolean, account->n);
  g_autofree char *fast = NULL, *slow = NULL, *steps = NULL;
  guint n_fast = 0, n_slow = 0;
  double longest = 0;

  for (guint i = 0; i < account->n; i++)
    {
      const double life = ag_direction_half_life (&account->directions[i], exp (-1));

      if (isnan (account->directions[i].factor))
        return NULL;
      is_fast[i] = life <= FAST;
      is_slow[i] = life >= SLOW;
      n_fast += is_fast[i];
      n_slow += is_slow[i];
      longest = fmax (longest, life);
    }
  fast = ag_words_directions (account, is_fast);
  slow = ag_words_directions (account, is_slow);
  steps = g_strdup_printf ("%.0f", longest);
  if (isinf (longest))
    return NULL;
  if (n_fast > 0 && n_slow > 0)
    return g_strdup_printf (_ ("Falling fast along %s, crawling along %s: %s steps to fall by e."),
                            fast, slow, steps);
  if (n_slow > 0)
    return g_strdup_printf (_ ("Crawling along %s: %s steps to fall by e."), slow, steps);
  return g_strdup_printf (_ ("Falling along all directions: %s steps to fall by e along the "
                             "slowest."),
                          steps);
}

static char *
say_growth (const AgAccount *account)
{
  g_autofree gboolean *is_growing = g_new0 (gboolean, account->n);
  g_autofree char *names = NULL, *factor = NULL;
  double greatest = 0;

  for (guint i = 0; i < account->n; i++)
    {
      is_growing[i] = fabs (account->directions[i].factor) > 1
                      && account->directions[i].curvature > 0;
      if (is_growing[i])
        greatest = fmax (greatest, fabs (account->directions[i].factor));
    }
  if (greatest == 0)
    return NULL;
  names = ag_words_directions (account, is_growing);
  factor = ag_words_number (greatest);
  return g_strdup_printf (_ ("It overshoots along %s: each step makes the distance there %s times "
                             "as large."),
                          names, factor);
}

static char *
say_edge (const AgAccount *account)
{
  g_autofree char *edge = ag_words_number (account->edge);

  if (!(account->edge > 1))
    return NULL;
  return g_strdup_printf (_ ("It is over the edge of stability: the loss is %s times as curved as "
                             "these steps can stand."),
                          edge);
}

/**
 * ag_account_say:
 * @account: the account of a step
 *
 * Returns: (transfer full): what the step did and how it goes on, in a sentence or two
 */
char *
ag_account_say (const AgAccount *account)
{
  g_autofree char *ledger = NULL, *more = NULL;

  if (!isfinite (account->final_loss - account->loss))
    return g_strdup (_ ("The numbers are not finite any more."));
  ledger = account->promised > 0 ? say_uphill (account) : say_ledger (account);
  more = say_growth (account);
  if (more == NULL)
    more = say_edge (account);
  if (more == NULL)
    more = say_directions (account);
  return more != NULL ? g_strdup_printf ("%s %s", ledger, more) : g_steal_pointer (&ledger);
}
