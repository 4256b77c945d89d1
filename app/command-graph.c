/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include "console.h"
#include "graph-options.h"
#include "outputs.h"

#include "picture/graph-file.h"
#include "picture/graph-pictures.h"
#include "plot/graph-draw.h"
#include "plot/plot-export.h"
#include "plot/plot-format.h"
#include "train/atomic-file.h"
#include "train/transaction.h"

#include <string.h>
#include <unistd.h>

#define HELP_WIDTH 100

static gboolean
has_ending (const char *path,
            const char *ending)
{
  const char *dot = strrchr (path, '.');

  return dot != NULL && g_ascii_strcasecmp (dot, ending) == 0;
}

static gboolean
check_path (const ConvergeGraphOptions *options,
            GError **error)
{
  const char *path = options->output;
  const char *const inputs[] = { options->spec.data, options->from_run };

  if (path == NULL)
    return TRUE;
  if (!has_ending (path, ".dot") && !has_ending (path, ".json")
      && !converge_plot_format_find (path, NULL, NULL))
    return converge_run_options_fail (error,
                                      "“%s” does not say what the graph is to be. Let its name end "
                                      "in .svg, .png, .pdf, .dot or .json.",
                                      path);
  return ag_atomic_file_check (path, error)
         && converge_outputs_check (1, &path, G_N_ELEMENTS (inputs), inputs, error);
}

static gboolean
check_probe (const ConvergeGraphOptions *options,
             GError **error)
{
  g_autoptr (AgData) data = ag_run_spec_data (&options->spec, error);

  if (data == NULL)
    return FALSE;
  return options->probe < ag_data_n_points (data)
         || converge_run_options_fail (error,
                                       "There is no point %" G_GINT64_FORMAT ": of %" G_GINT64_FORMAT
                                       " points the last is %" G_GINT64_FORMAT ". Give its number.",
                                       options->probe, ag_data_n_points (data),
                                       ag_data_n_points (data) - 1);
}

/* A file with all numbers has those of a point too. */
static gint64
find_probe (const ConvergeGraphOptions *options)
{
  const gboolean has_all = options->output != NULL && has_ending (options->output, ".json");

  return options->probe < 0 && has_all ? 0 : options->probe;
}

static AgGraphPicture *
take_picture (const ConvergeGraphOptions *options,
              GError **error)
{
  g_autoptr (AgData) data = ag_run_spec_data (&options->spec, error);
  g_autoptr (AgGraphPictures) pictures = NULL;

  if (data == NULL)
    return NULL;
  pictures = ag_graph_pictures_new (&options->spec, data, NULL);
  return ag_graph_pictures_take (pictures, options->step, find_probe (options), NULL, error);
}

/* The command that makes the picture's numbers again. */
static char *
write_command (const ConvergeGraphOptions *options)
{
  g_autofree char *train = ag_run_spec_to_command (&options->spec);
  const char *rest = strstr (train, " train");

  return g_strdup_printf ("converge graph%s --step %" G_GINT64_FORMAT, rest + strlen (" train"),
                          options->step);
}

static guint
find_stops (const ConvergeGraphOptions *options,
            const AgGraphPicture *picture)
{
  return options->stops != 0 ? options->stops : ag_graph_outline_default_stops (picture);
}

static AgGraphOutline *
make_outline (const ConvergeGraphOptions *options,
              const AgGraphPicture *picture)
{
  return ag_graph_outline_new (picture, find_stops (options, picture), !options->closed, options->opened);
}

static gboolean
write_file (const ConvergeGraphOptions *options,
            const AgGraphPicture *picture,
            GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  FILE *stream;

  if (has_ending (options->output, ".json") || has_ending (options->output, ".dot"))
    {
      g_autofree char *command = write_command (options);
      g_autoptr (AgGraphOutline) outline = make_outline (options, picture);

      stream = ag_transaction_open (transaction, options->output, error);
      if (stream == NULL)
        return FALSE;
      if (has_ending (options->output, ".json"))
        ag_graph_picture_write_json (picture, command, stream);
      else
        ag_graph_picture_write_dot (picture, outline, stream);
    }
  else
    {
      g_autoptr (ConvergeGraphDrawing) drawing
        = converge_graph_drawing_new (picture, &options->spec, find_stops (options, picture),
                                      !options->closed, options->opened);
      ConvergePlotStyle style;

      converge_plot_style_init (&style, options->dark, FALSE);
      if (!converge_picture_export (converge_graph_draw, drawing, transaction, options->output,
                                    drawing->width, drawing->height, &style, error))
        return FALSE;
    }
  return ag_transaction_commit (transaction, error);
}

/**
 * Dot:
 * @options: what is asked for
 * @picture: what it is a picture of
 */
typedef struct
{
  const ConvergeGraphOptions *options;
  const AgGraphPicture *picture;
} Dot;

static void
write_dot (gconstpointer data,
           FILE *stream)
{
  const Dot *dot = data;
  g_autoptr (AgGraphOutline) outline = make_outline (dot->options, dot->picture);

  ag_graph_picture_write_dot (dot->picture, outline, stream);
}

/**
 * converge_command_graph:
 * @argv: (array zero-terminated=1): what was typed after “converge graph”
 *
 * Draws what a step of a run computes.
 *
 * Returns: the exit status
 */
int
converge_command_graph (char *const *argv)
{
  ConvergeGraphOptions options;
  g_autoptr (AgGraphPicture) picture = NULL;
  g_autoptr (GError) error = NULL;

  if (converge_graph_options_parse (&options, argv, &error) && options.help)
    {
      const guint columns = converge_columns (STDOUT_FILENO, HELP_WIDTH);
      g_autofree char *help = converge_run_command_help (&converge_graph_command,
                                                         MIN (columns, HELP_WIDTH));

      return converge_print (help);
    }
  if (error != NULL || !check_path (&options, &error) || !check_probe (&options, &error))
    {
      converge_complain (error);
      converge_fault_mark (&options.fault);
      return CONVERGE_EXIT_USAGE;
    }
  picture = take_picture (&options, &error);
  if (picture == NULL || (options.output != NULL && !write_file (&options, picture, &error)))
    {
      converge_complain (error);
      return CONVERGE_EXIT_FAILED;
    }
  return options.output == NULL
           ? converge_print_written (write_dot, &(Dot){ &options, picture })
           : CONVERGE_EXIT_DONE;
}
