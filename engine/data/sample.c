/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/sample.h"

#include "base/error.h"
#include "base/suggest.h"
#include "samples.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define FOLDER "/io/github/converge/Converge/samples/"

/* Each is a file of data/samples, which is in the library. */
static const AgSample samples[] = {
  { "tide", N_ ("Tide"), N_ ("The water at a pier, twice an hour for two days"),
    "a*sin(b*x+c)+d" },
  { "decay", N_ ("Radioactive decay"),
    N_ ("A counter beside a short-lived source, down to the background"), "a*exp(-b*x)+c" },
  { "growth", N_ ("Growth"), N_ ("A sunflower, each other day until it grows no more"),
    "L/(1+exp(-k*(x-m)))" },
  { "oscillation", N_ ("Damped oscillation"),
    N_ ("A weight on a spring in oil, from the moment it is let go"), "a*exp(-b*x)*cos(w*x+c)" },
  { "kinetics", N_ ("Enzyme kinetics"),
    N_ ("How fast an enzyme works at six concentrations, each tried twice"), "V*x/(K+x)" },
  { "outliers", N_ ("Straight line with outliers"),
    N_ ("A spring that is pulled; four times somebody read the wrong scale"), "a+b*x" },
  { "step", N_ ("Heater switched on"), N_ ("A thermometer in a room whose heater is switched on"),
    "a+b*tanh(c*(x-d))" },
};

/**
 * ag_sample_n:
 *
 * Returns: how many samples there are
 */
guint
ag_sample_n (void)
{
  return G_N_ELEMENTS (samples);
}

/**
 * ag_sample_nth:
 * @index: which one, counted from 0
 *
 * Returns: (transfer none) (nullable): the sample, %NULL past the end
 */
const AgSample *
ag_sample_nth (guint index)
{
  return index < G_N_ELEMENTS (samples) ? &samples[index] : NULL;
}

/**
 * ag_sample_find:
 * @path: the path of data: "sample:decay"
 *
 * Returns: (transfer none) (nullable): the sample, %NULL if @path is that of none
 */
const AgSample *
ag_sample_find (const char *path)
{
  if (!g_str_has_prefix (path, AG_SAMPLE_PREFIX))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    if (strcmp (samples[i].id, path + strlen (AG_SAMPLE_PREFIX)) == 0)
      return &samples[i];
  return NULL;
}

static void
refuse (const char *id,
        GError **error)
{
  const char *ids[G_N_ELEMENTS (samples) + 1] = { NULL };
  g_autofree char *list = NULL;
  const char *meant;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    ids[i] = samples[i].id;
  list = g_strjoinv (", ", (char **) ids);
  meant = ag_suggest (id, ids);
  if (meant != NULL)
    g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                 _ ("There is no sample “%s”. Did you mean “%s”? There are these: %s."), id, meant,
                 list);
  else
    g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                 _ ("There is no sample “%s”. There are these: %s."), id, list);
}

/**
 * ag_sample_open:
 * @path: the path of data that begins with %AG_SAMPLE_PREFIX
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: (transfer full) (nullable): the sample's table as text, or %NULL with a
 *   sentence in @error that names those that there are
 */
AgByteSource *
ag_sample_open (const char *path,
                GError **error)
{
  const AgSample *sample = ag_sample_find (path);
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (sample == NULL)
    {
      refuse (path + strlen (AG_SAMPLE_PREFIX), error);
      return NULL;
    }
  name = g_strconcat (FOLDER, sample->id, ".csv", NULL);
  bytes = g_resource_lookup_data (ag_samples_get_resource (), name, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                  error);
  return bytes != NULL ? ag_byte_source_from_bytes (bytes) : NULL;
}
