/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/script-private.h"

#include "base/number.h"
#include "data/expression-script.h"

#include <math.h>

#define VALUES_IN_A_LINE 5

/* The interval's ends are multiples of π more often than not. */
static char *
write_end (double x)
{
  if (fabs (x) == G_PI)
    return g_strdup (x < 0 ? "-math.pi" : "math.pi");
  return ag_number_to_string (x);
}

static void
append_values (GString *python,
               const char *name,
               gsize n,
               const double *values)
{
  g_string_append_printf (python, "%s = torch.tensor([", name);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *value = ag_number_to_string (values[i]);

      g_string_append_printf (python, "%s%s,", i % VALUES_IN_A_LINE == 0 ? "\n    " : " ", value);
    }
  g_string_append (python, "\n])\n");
}

/* The points of a file, so that the script stands for itself. */
static char *
write_points (const AgData *data)
{
  const gsize n = (gsize) ag_data_n_points (data);
  const AgScale *scale = ag_data_scale (data);
  g_autofree double *x = g_new (double, n);
  g_autofree double *y = g_new (double, n);
  GString *python = g_string_new (NULL);

  ag_data_read (data, 0, n, x, y);
  if (scale != NULL)
    {
      g_autofree char *x_mean = ag_number_to_string (scale->x_mean);
      g_autofree char *x_deviation = ag_number_to_string (scale->x_deviation);
      g_autofree char *y_mean = ag_number_to_string (scale->y_mean);
      g_autofree char *y_deviation = ag_number_to_string (scale->y_deviation);

      g_string_append_printf (python,
                              "# standardized: (x - %s)/%s and (y - %s)/%s of the file's x and y\n",
                              x_mean, x_deviation, y_mean, y_deviation);
    }
  append_values (python, "x", n, x);
  append_values (python, "y", n, y);
  return g_string_free (python, FALSE);
}

static char *
write_target (const AgScriptWriter *writer)
{
  const AgRunSpec *spec = writer->spec;
  g_autofree char *from = write_end (spec->from);
  g_autofree char *to = write_end (spec->to);
  g_autofree char *target = ag_expression_script (writer->target, NULL);

  return g_strdup_printf ("x = torch.linspace(%s, %s, %" G_GINT64_FORMAT ")\n"
                          "y = %s\n",
                          from, to, spec->points, target);
}

/**
 * ag_script_write_data:
 * @writer: what the script is written of
 *
 * Returns: (transfer full): what makes the points
 */
char *
ag_script_write_data (const AgScriptWriter *writer)
{
  return writer->data != NULL ? write_points (writer->data) : write_target (writer);
}
