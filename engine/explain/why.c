/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/why.h"

#include "explain/words.h"
#include "train/optimum.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A loss within this share of the least one has arrived: nobody sees a difference in the fit. */
#define ARRIVED 1e-3

/* Steps go back and forth if a step and the one after it point so much against each other: the
 * cosine of the angle between them. */
#define AGAINST (-0.5)

/* The least loss is long ago if it is so large a part of the run's steps ago. */
#define LONG_AGO 0.02
#define LONG_AGO_STEPS 10

/* The part of the run that tells how the loss goes, and how much it must fall there. */
#define RECENT 0.1
#define HARDLY 1e-3

/* The loss of a model that changes from step to step jumps; the mean of so many goes. */
#define MANY 128

#define MAX_ENTRIES 8192

/**
 * Why:
 * @trainer: the run
 * @spec: what it is
 * @step: how many steps it took
 * @landscape: its landscape
 * @last: the account of its last step
 * @turn: the cosine of the angle between the last two steps
 * @since_least: for how many steps the loss has not been below its minimum
 * @least: that minimum
 * @bottom: the least loss there is, of a quadratic loss; NaN of another
 * @fallen: by which factor the loss fell over the last part of the run, above what is least
 * @recent: how many steps that part has
 */
typedef struct
{
  AgTrainer *trainer;
  const AgRunSpec *spec;
  gint64 step;
  AgLandscape *landscape;
  AgAccount *last;
  double turn;
  gint64 since_least;
  double least;
  double bottom;
  double fallen;
  gint64 recent;
} Why;

static AgAccount *
account_of (const Why *why,
            gint64 step,
            AgWork *work,
            GError **error)
{
  return ag_account_new (why->spec, ag_trainer_moments (why->trainer), why->landscape, step, work,
                         error);
}

/* The cosine of the angle between a step and the one before it. */
static double
find_turn (const AgAccount *before,
           const AgAccount *last)
{
  double product = 0, square = 0, square_before = 0;

  for (guint i = 0; i < last->after->n_parameters; i++)
    {
      const double now = last->after->coefficients[i] - last->before->coefficients[i];
      const double then = before->after->coefficients[i] - before->before->coefficients[i];

      product += now * then;
      square += now * now;
      square_before += then * then;
    }
  return square > 0 && square_before > 0 ? product / sqrt (square * square_before) : 1;
}

/* The step with the least loss, exactly or within what the history keeps of a long run. */
static void
find_least (Why *why)
{
  AgHistory *history = ag_trainer_history (why->trainer);
  const guint level = ag_history_level_for (history, 0, why->step - 1, MAX_ENTRIES);
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, MAX_ENTRIES);
  const gsize n = ag_history_read (history, level, 0, why->step - 1, MAX_ENTRIES, entries);

  why->least = INFINITY;
  for (gsize i = 0; i < n; i++)
    if (entries[i].minimum < why->least)
      {
        why->least = entries[i].minimum;
        why->since_least = why->step - MIN (entries[i].step + entries[i].stride, why->step);
      }
}

/* Returns the mean loss of the @n_steps steps that end with @step. */
static double
mean_loss (const Why *why,
           gint64 step,
           gint64 n_steps)
{
  AgHistoryEntry entries[MANY];
  const gsize n = ag_history_read (ag_trainer_history (why->trainer), 0,
                                   MAX (step - n_steps + 1, 0), step, MANY, entries);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += entries[i].loss;
  return sum / (double) n;
}

static void
find_fall (Why *why)
{
  const double bottom = isnan (why->bottom) ? 0 : why->bottom;
  const gint64 last = why->step - 1;
  const gint64 from = MAX (last - (gint64) ceil (RECENT * (double) why->step), 0);
  const gint64 many = why->spec->program->model->n_structures > 1 ? MANY : 1;

  why->recent = last - from;
  why->fallen = (mean_loss (why, last, many) - bottom) / (mean_loss (why, from, many) - bottom);
}

static void
find_bottom (Why *why)
{
  why->bottom = NAN;
  if (!why->last->is_quadratic || why->last->n == 0)
    return;
  why->bottom = why->last->final_loss;
  for (guint i = 0; i < why->last->n; i++)
    if (why->last->directions[i].curvature > 0)
      why->bottom -= why->last->directions[i].excess;
}

static gboolean
has_direction_that_grows (const AgAccount *account)
{
  for (guint i = 0; i < account->n; i++)
    if (fabs (account->directions[i].factor) > 1)
      return TRUE;
  return FALSE;
}

/* With the first account that tells something, from the beginning on and then nearer and nearer
 * to the end. */
static char *
say_diverged (Why *why,
              const AgSnapshot *snapshot,
              AgWork *work,
              GError **error)
{
  g_autoptr (AgAccount) account = account_of (why, 0, work, error);
  g_autofree char *rate = ag_words_number (why->spec->lr);
  g_autofree char *bound = NULL, *edge = NULL;
  double stable;

  if (account == NULL)
    return NULL;
  for (gint64 step = 1; step < snapshot->diverged_step && !(account->edge > 1);
       step += (snapshot->diverged_step - step + 1) / 2)
    {
      ag_account_free (account);
      account = account_of (why, step, work, error);
      if (account == NULL)
        return NULL;
    }
  edge = ag_words_number (account->edge);
  stable = account->after->lr / account->edge;
  bound = ag_words_number (stable);
  if (has_direction_that_grows (account))
    {
      g_autofree gboolean *grows = g_new0 (gboolean, account->n);
      g_autofree char *names = NULL, *factor = NULL;
      double greatest = 0;

      for (guint i = 0; i < account->n; i++)
        {
          grows[i] = fabs (account->directions[i].factor) > 1;
          greatest = fmax (greatest, grows[i] ? fabs (account->directions[i].factor) : 0);
        }
      names = ag_words_directions (account, grows);
      factor = ag_words_number (greatest);
      return g_strdup_printf (_ ("It blew up along %s: each step made the distance there %s times "
                                 "as large. The learning rate is %s, and stable there below %s."),
                              names, factor, rate, bound);
    }
  if (account->edge > 1)
    return g_strdup_printf (_ ("It blew up: with the learning rate %s the loss was %s times as "
                               "curved as its steps can stand. Below %s it is stable there."),
                            rate, edge, bound);
  return g_strdup_printf (_ ("It blew up, although no step near its end was over the edge of "
                             "stability: the steps of the learning rate %s led to where the loss "
                             "has no bound."),
                          rate);
}

/* How far a step goes in a parameter, of those that go farthest. */
static double
find_longest (const AgAccount *account)
{
  double longest = 0;

  for (guint i = 0; i < account->after->n_parameters; i++)
    longest = fmax (longest, fabs (account->after->coefficients[i]
                                   - account->before->coefficients[i]));
  return longest;
}

/* Whether the directions have factors: the steps of gradient descent get shorter with the
 * slope, those of others need not. */
static gboolean
is_known (const AgAccount *account)
{
  return account->n > 0 && !isnan (account->directions[0].factor);
}

static char *
say_swinging (const Why *why)
{
  g_autofree char *least = ag_words_number (why->least);
  g_autofree char *longest = ag_words_number (find_longest (why->last));
  g_autofree char *steps = g_strdup_printf ("%" G_GINT64_FORMAT, why->since_least);
  g_autofree char *edge = ag_words_number (why->last->edge);

  if (why->last->edge > 1 && is_known (why->last))
    return g_strdup_printf (_ ("It swings: for %s steps the loss has not been below %s. It is over "
                               "the edge of stability, the loss is %s times as curved as these "
                               "steps can stand. A smaller learning rate goes deeper."),
                            steps, least, edge);
  if (is_known (why->last))
    return g_strdup_printf (_ ("It swings: for %s steps the loss has not been below %s. Its steps "
                               "are too long for how the loss is curved where they lead. A smaller "
                               "learning rate goes deeper."),
                            steps, least);
  return g_strdup_printf (_ ("It swings: for %s steps the loss has not been below %s. Its steps "
                             "do not get shorter near the bottom, but go to and fro, up to %s at "
                             "a time and half of that beside it. A smaller learning rate swings "
                             "less."),
                          steps, least, longest);
}

/* How many steps the part of the loss that can still go takes to become half of it, or the
 * distance, NaN where that is not known. */
static double
find_half (const Why *why)
{
  const AgAccount *last = why->last;
  guint most = 0;

  if (last->n == 0)
    return NAN;
  for (guint i = 1; i < last->n; i++)
    if (last->directions[i].excess > last->directions[most].excess)
      most = i;
  if (isfinite (last->directions[most].factor) && last->is_quadratic)
    return ag_direction_half_life (&last->directions[most], 0.5);
  /* The square of the distance goes with the loss above the least one. */
  if (isfinite (why->bottom) && why->fallen > 0 && why->fallen < 1)
    return 2 * (double) why->recent * log (0.5) / log (why->fallen);
  return NAN;
}

static char *
say_half (const Why *why)
{
  const double half = find_half (why);

  if (!isfinite (half) || half < 1)
    return g_strdup ("");
  return g_strdup_printf (_ (" At this pace the distance to it halves in %.0f steps."), half);
}

static char *
say_above (const Why *why)
{
  const double ratio = why->last->final_loss / why->bottom;
  g_autofree char *times = ag_words_number (ratio);
  g_autofree char *percent = ag_words_number (100 * fmax (ratio - 1, 0));

  return ratio >= 10 ? g_strdup_printf (_ ("%s times the least there is"), times)
                     : g_strdup_printf (_ ("%s %% above the least there is"), percent);
}

static char *
say_arrived (const Why *why)
{
  g_autofree char *loss = ag_words_number (why->last->final_loss);
  g_autofree char *above = say_above (why);
  g_autofree char *half = say_half (why);

  return g_strdup_printf (_ ("It has arrived: the loss, %s, is %s.%s"), loss, above, half);
}

static char *
say_falling (const Why *why)
{
  g_autofree char *percent = ag_words_number (100 * (1 - why->fallen));
  g_autofree char *above = NULL, *half = NULL, *steps = NULL;

  if (why->recent == 0)
    return g_strdup (_ ("It has only begun: one step tells nothing of how the loss falls."));
  steps = g_strdup_printf ("%" G_GINT64_FORMAT, why->recent);
  if (isnan (why->bottom))
    return g_strdup_printf (_ ("The loss still falls: the last %s steps took %s %% off it. More "
                               "steps take it further."),
                            steps, percent);
  above = say_above (why);
  half = say_half (why);
  return g_strdup_printf (_ ("The loss still falls: it is %s, and the last %s steps took %s %% off what "
                             "is above that.%s"),
                          above, steps, percent, half);
}

static char *
say_stuck (const Why *why)
{
  g_autofree char *percent = ag_words_number (100 * (1 - why->fallen));
  g_autofree char *steps = g_strdup_printf ("%" G_GINT64_FORMAT, why->recent);

  if (!(why->fallen < 1))
    return g_strdup_printf (_ ("The loss has not fallen over the last %s steps."), steps);
  return g_strdup_printf (_ ("The loss hardly falls any more: the last %s steps took %s %% off it. "
                             "It is near a minimum, or where the slope is small."),
                          steps, percent);
}

static AgWhyKind
find_kind (const Why *why)
{
  const gboolean is_long_ago
    = why->since_least > MAX (LONG_AGO_STEPS, (gint64) (LONG_AGO * (double) why->step));
  const gboolean is_near
    = isfinite (why->bottom)
      && why->last->final_loss - why->bottom <= ARRIVED * fabs (why->bottom);

  if (is_near)
    return AG_WHY_ARRIVED;
  if (is_long_ago && (why->turn < AGAINST || why->last->edge > 1))
    return AG_WHY_SWINGING;
  return 1 - why->fallen > HARDLY || why->recent == 0 ? AG_WHY_FALLING : AG_WHY_STUCK;
}

static gboolean
look (Why *why,
      AgWork *work,
      GError **error)
{
  g_autoptr (AgAccount) before = NULL;

  why->last = account_of (why, why->step, work, error);
  if (why->last == NULL)
    return FALSE;
  before = account_of (why, MAX (why->step - 1, 1), work, error);
  if (before == NULL)
    return FALSE;
  why->turn = find_turn (before, why->last);
  find_bottom (why);
  find_least (why);
  find_fall (why);
  return TRUE;
}

static char *
say (Why *why,
     const AgSnapshot *snapshot,
     AgWork *work,
     AgWhyKind *kind,
     GError **error)
{
  if (why->step == 0)
    {
      *kind = AG_WHY_NO_STEP;
      return g_strdup (_ ("It has not taken a step yet."));
    }
  if (snapshot->diverged_step >= 0)
    {
      *kind = AG_WHY_DIVERGED;
      return say_diverged (why, snapshot, work, error);
    }
  if (!look (why, work, error))
    return NULL;
  *kind = find_kind (why);
  switch (*kind)
    {
    case AG_WHY_SWINGING:
      return say_swinging (why);
    case AG_WHY_ARRIVED:
      return say_arrived (why);
    case AG_WHY_FALLING:
      return say_falling (why);
    case AG_WHY_NO_STEP:
    case AG_WHY_DIVERGED:
    case AG_WHY_STUCK:
    default:
      return say_stuck (why);
    }
}

/**
 * ag_why_new:
 * @trainer: the trainer of a run that rests
 * @snapshot: its last snapshot
 * @work: (nullable): what cancels this, from another thread
 * @kind: (out): how the run stands
 * @error: return location for a #GError
 *
 * Finds out why a run stands where it does: whether it has arrived, still falls, swings
 * although its numbers are finite, or blew up, and which direction and which bound are
 * behind it. This takes several steps again, and must not be done on the window's thread.
 *
 * Returns: (transfer full) (nullable): a sentence or two, or %NULL with @error set
 */
char *
ag_why_new (AgTrainer *trainer,
            const AgSnapshot *snapshot,
            AgWork *work,
            AgWhyKind *kind,
            GError **error)
{
  Why why = { .trainer = trainer, .spec = ag_trainer_spec (trainer), .step = snapshot->step };
  char *sentence;

  if (snapshot->diverged_step == 0)
    {
      sentence = ag_run_spec_explain_start (why.spec, snapshot);
      *kind = AG_WHY_DIVERGED;
      if (sentence != NULL)
        return sentence;
    }
  why.landscape = ag_landscape_new (why.spec, ag_trainer_data (trainer), work, error);
  if (why.landscape == NULL)
    return NULL;
  sentence = say (&why, snapshot, work, kind, error);
  g_clear_pointer (&why.last, ag_account_free);
  ag_landscape_free (why.landscape);
  return sentence;
}
