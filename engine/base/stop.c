/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/stop.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const titles[AG_N_STOPS] = {
  [AG_STOP_PREDICT] = N_ ("Predict"),
  [AG_STOP_LOSS] = N_ ("Loss"),
  [AG_STOP_GRADIENT] = N_ ("Gradient"),
  [AG_STOP_OPTIMIZER] = N_ ("Optimizer"),
  [AG_STOP_UPDATE] = N_ ("Update"),
};

/**
 * ag_stop_id:
 * @stop: a part of a step
 *
 * Returns: (transfer none): what files call it
 */
const char *
ag_stop_id (AgStop stop)
{
  static const char *const ids[AG_N_STOPS] = {
    [AG_STOP_PREDICT] = "predict",
    [AG_STOP_LOSS] = "loss",
    [AG_STOP_GRADIENT] = "gradient",
    [AG_STOP_OPTIMIZER] = "optimizer",
    [AG_STOP_UPDATE] = "update",
  };

  return ids[stop];
}

/**
 * ag_stop_title:
 * @stop: a part of a step
 *
 * Returns: (transfer none): its name, translated
 */
const char *
ag_stop_title (AgStop stop)
{
  return _ (titles[stop]);
}

/**
 * ag_stop_sentence:
 * @stop: a part of a step
 *
 * Returns: (transfer none): what it is, in a sentence, translated
 */
const char *
ag_stop_sentence (AgStop stop)
{
  static const char *const sentences[AG_N_STOPS] = {
    [AG_STOP_PREDICT] = N_ ("Predict: what the model makes of the points."),
    [AG_STOP_LOSS] = N_ ("Loss: how far that is from the target."),
    [AG_STOP_GRADIENT] = N_ ("Gradient: how the loss changes with each parameter."),
    [AG_STOP_OPTIMIZER] = N_ ("Optimizer: what is made of the gradient."),
    [AG_STOP_UPDATE] = N_ ("Update: the new values of the parameters."),
  };

  return _ (sentences[stop]);
}

/* The stop that a text begins with, and what stands behind it. */
static guint
find_one (const char **text)
{
  for (guint i = 0; i < AG_N_STOPS; i++)
    if (g_ascii_strncasecmp (*text, titles[i], strlen (titles[i])) == 0)
      {
        *text += strlen (titles[i]);
        return 1u << i;
      }
  return 0;
}

/**
 * ag_stop_find:
 * @text: what a comment says
 *
 * Finds out whether a comment names parts of a step: whether it is "loss", or "optimizer and
 * update", or begins so and goes on behind a colon, as in “Loss: the squares of the residuals.”
 *
 * Returns: a bit, 1 << stop, for each part that it names; 0 if it is about something else
 */
guint
ag_stop_find (const char *text)
{
  const char *c = text;
  guint stops = find_one (&c);

  while (stops != 0 && g_str_has_prefix (c, " and "))
    {
      guint another;

      c += strlen (" and ");
      another = find_one (&c);
      if (another == 0)
        return 0;
      stops |= another;
    }
  return *c == '\0' || *c == ':' ? stops : 0;
}
