/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph-options.h"

#include "base/stop.h"

#include <string.h>

#define GROUP_GRAPH "What is drawn"

#define PLACE(field) G_STRUCT_OFFSET (ConvergeGraphOptions, field)

static gboolean
apply_count (const char *title,
             gint64 maximum,
             const char *value,
             gint64 *count,
             GError **error)
{
  const AgSetting setting = { .title = title, .kind = AG_SETTING_COUNT, .maximum = maximum };

  return ag_setting_parse_kind (&setting, value, count, error);
}

static gboolean
apply_step (gpointer data,
            const char *value,
            GError **error)
{
  ConvergeGraphOptions *options = data;

  return apply_count ("Step", AG_RUN_MAX_STEPS, value, &options->step, error);
}

static gboolean
apply_probe (gpointer data,
             const char *value,
             GError **error)
{
  ConvergeGraphOptions *options = data;

  return apply_count ("Probe", AG_RUN_MAX_POINTS, value, &options->probe, error);
}

/* "predict,loss" */
static gboolean
read_stops (const char *value,
            guint *stops,
            GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, ",", -1);

  *stops = 0;
  for (guint i = 0; words[i] != NULL; i++)
    {
      const guint before = *stops;

      for (guint stop = 0; stop < AG_N_STOPS; stop++)
        if (strcmp (words[i], "all") == 0 || strcmp (words[i], ag_stop_id ((AgStop) stop)) == 0)
          *stops |= 1u << stop;
      if (*stops == before)
        return converge_run_options_fail (error,
                                          "“%s” is no part of a step. Give some of predict, loss, "
                                          "gradient, optimizer and update, as “predict,loss”, or "
                                          "all.",
                                          words[i]);
    }
  return TRUE;
}

static gboolean
apply_show (gpointer data,
            const char *value,
            GError **error)
{
  ConvergeGraphOptions *options = data;

  return read_stops (value, &options->stops, error);
}

static gboolean
apply_open (gpointer data,
            const char *value,
            GError **error)
{
  ConvergeGraphOptions *options = data;

  return read_stops (value, &options->opened, error);
}

static const ConvergeOwnOption own[] = {
  { { "from-run", 0, "FILE", FALSE, CONVERGE_GROUP_RUN,
      "begin with the settings in a run.json, which further options override" },
    NULL,
    PLACE (from_run) },
  { { "step", 0, "N", FALSE, GROUP_GRAPH,
      "which step, counted from 0 as in the logs; 0 if nothing is said" },
    apply_step },
  { { "show", 0, "PARTS", FALSE, GROUP_GRAPH,
      "the parts of the step: predict, loss, gradient, optimizer, update, or all; predict and "
      "loss if nothing is said, and gradient too where it is worked out by hand" },
    apply_show },
  { { "open", 0, "PARTS", FALSE, GROUP_GRAPH,
      "draw every operation of these parts; without it the largest parts are a box each where "
      "there would be more than 200 boxes" },
    apply_open },
  { { "closed", 0, NULL, FALSE, GROUP_GRAPH, "draw a custom Function as a single box" },
    NULL,
    PLACE (closed) },
  { { "probe", 0, "N", FALSE, GROUP_GRAPH,
      "number of the data point, from 0, whose values are noted beside least, mean and greatest" },
    apply_probe },
  { { "output", 'o', "FILE", FALSE, CONVERGE_GROUP_OUTPUT,
      "draw into a .svg, .png or .pdf file, or write a .dot file for Graphviz or all numbers as "
      ".json; without it what Graphviz reads goes to the standard output" },
    NULL,
    PLACE (output) },
  { { "dark", 0, NULL, FALSE, CONVERGE_GROUP_OUTPUT, "draw it bright on dark" }, NULL, PLACE (dark) },
  { { "help", 'h', NULL, FALSE, CONVERGE_GROUP_OUTPUT, "this text" }, NULL, PLACE (help) },
};

const ConvergeRunCommand converge_graph_command = {
  .name = "converge graph",
  .usage = "Usage: converge graph [PROGRAM] [OPTION]…",
  .description = "Takes steps up to the one that is asked for and draws what that one computes: "
                 "each operation with its value and with the derivative of the loss by it. The "
                 "other options are those of “converge train”.",
  .ending = "The exit status is 0 when the picture was made, 1 when the device or a file failed, "
            "and 2 when an argument makes no sense.",
  .n_own = G_N_ELEMENTS (own),
  .own = own,
};

/**
 * converge_graph_options_parse:
 * @options: (out caller-allocates): what is asked for
 * @argv: (array zero-terminated=1): what was typed after “converge graph”
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads the arguments of `converge graph`.
 *
 * Returns: whether they were understood
 */
gboolean
converge_graph_options_parse (ConvergeGraphOptions *options,
                              char *const *argv,
                              GError **error)
{
  memset (options, 0, sizeof *options);
  options->probe = -1;
  return converge_run_command_parse (&converge_graph_command, argv, options, &options->spec,
                                     &options->fault, error);
}
