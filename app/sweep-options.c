/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep-options.h"

#include "train/setting.h"

#include <math.h>
#include <string.h>

/* `converge sweep` takes the options of a run, of which one or two have a range of values, and
 * those of the sweep itself. */

/* How many values a range has where nothing is said: of one setting, and of each of two. */
#define N_VALUES 200
#define N_VALUES_OF_TWO 64

#define GROUP_SWEEP "What is swept"

#define PLACE(field) G_STRUCT_OFFSET (ConvergeSweepOptions, field)

/**
 * Request:
 * @options: what is asked for
 * @table: the command's options
 * @arguments: what was typed
 * @ids: (element-type utf8): what is to have a range
 * @ranges: (element-type utf8): the range of each
 * @is_any: whether optimizers that a setting is not of are left out, rather than refused
 *
 * The state of the reading of arguments.
 */
typedef struct
{
  ConvergeSweepOptions *options;
  GArray *table;
  const ConvergeArguments *arguments;
  GPtrArray *ids;
  GPtrArray *ranges;
  gboolean is_any;
} Request;

static gboolean
apply_count (gpointer data,
             const char *value,
             GError **error)
{
  static const AgSetting count = {
    .title = "Count",
    .kind = AG_SETTING_COUNT,
    .minimum = AG_SWEEP_MIN_VALUES,
    .maximum = AG_SWEEP_MAX_VALUES,
  };
  ConvergeSweepOptions *options = data;

  return ag_setting_parse_kind (&count, value, &options->count, error);
}

static gboolean
apply_above (gpointer data,
             const char *value,
             GError **error)
{
  static const AgSetting above = {
    .title = "Above",
    .kind = AG_SETTING_NUMBER,
    .minimum = 0,
    .maximum = INFINITY,
    .above_minimum = TRUE,
  };
  ConvergeSweepOptions *options = data;

  return ag_setting_parse_kind (&above, value, &options->look.above, error);
}

static const ConvergeOwnOption own[] = {
  { { "from-run", 0, "FILE", FALSE, CONVERGE_GROUP_RUN,
      "begin with the settings in a run.json, which further options override" },
    NULL,
    PLACE (from_run) },
  { { "count", 0, "N", FALSE, GROUP_SWEEP,
      "how many values a range has; 200, or 64 of each of two, if nothing is said" },
    apply_count },
  { { "optimizers", 0, "IDS", FALSE, GROUP_SWEEP,
      "a curve for each of these optimizers, as “sgd,adam”, or for “all” that have the setting" },
    NULL,
    PLACE (optimizers) },
  { { "seeds", 0, "RANGE", FALSE, GROUP_SWEEP, "a curve for each of these seeds, as “0..9”" },
    NULL,
    PLACE (seeds) },
  { { "output", 'o', "FILE", FALSE, CONVERGE_GROUP_OUTPUT,
      "write a row for each run into a CSV file, rather than to the standard output" },
    NULL,
    PLACE (output) },
  { { "plot", 0, "FILE", FALSE, CONVERGE_GROUP_OUTPUT,
      "draw the sweep into a .png, .svg or .pdf file: curves, or of two settings a map" },
    NULL,
    PLACE (plot) },
  { { "show", 0, "WHAT", FALSE, CONVERGE_GROUP_OUTPUT,
      "what the picture shows of each run: “loss”, “steps” to 1 %, or a parameter by its name; "
      "the loss if nothing is said" },
    NULL,
    PLACE (show) },
  { { "above", 0, "LOSS", FALSE, CONVERGE_GROUP_OUTPUT,
      "in a map, runs that end with a greater loss have one colour; that which each began with "
      "if nothing is said" },
    apply_above },
  { { "quiet", 'q', NULL, FALSE, CONVERGE_GROUP_OUTPUT, "say nothing but what went wrong" },
    NULL,
    PLACE (quiet) },
  { { "help", 'h', NULL, FALSE, CONVERGE_GROUP_OUTPUT, "this text" }, NULL, PLACE (help) },
};

const ConvergeRunCommand converge_sweep_command = {
  .name = "converge sweep",
  .usage = "Usage: converge sweep [PROGRAM] --SETTING FROM..TO [--SETTING FROM..TO] [OPTION]…",
  .description = "Makes a whole run for each of many values of a setting, or for each pair of "
                 "values of two, and prints what came of each: “converge sweep autograd --lr "
                 "1e-8..1e-4”. The other options are those of “converge train”. A range that "
                 "begins above 0 and ends at twenty times that goes by the logarithm; “:log” or "
                 "“:linear” behind it says so. Initial values have ranges too: “--init "
                 "a=0,c=0,b=-2..2,d=-2..2”.",
  .ending = "Ctrl-C ends a sweep, which then writes nothing. The exit status is 0 when every run "
            "was made, those that diverged among them, 1 when the device or a file failed, 2 when "
            "an argument makes no sense, and 130 after Ctrl-C.",
  .n_own = G_N_ELEMENTS (own),
  .own = own,
};

static void
add_range (Request *request,
           const char *id,
           const char *range)
{
  for (guint i = 0; i < request->ids->len; i++)
    if (strcmp (g_ptr_array_index (request->ids, i), id) == 0)
      return;
  g_ptr_array_add (request->ids, g_strdup (id));
  g_ptr_array_add (request->ranges, g_strdup (range));
}

/* Some of the initial values may have ranges, the others are set as those of a single
 * run are. */
static gboolean
apply_init (Request *request,
            const char *value,
            AgRunSpec *spec,
            GError **error)
{
  g_auto (GStrv) items = g_strsplit (value, ",", -1);
  g_autoptr (GString) rest = g_string_new (NULL);

  for (guint i = 0; items[i] != NULL; i++)
    {
      const char *equals = strchr (items[i], '=');
      g_autofree char *name = NULL;
      g_autofree char *id = NULL;

      if (equals == NULL || !ag_sweep_is_range (equals))
        {
          g_string_append_printf (rest, "%s%s", rest->len > 0 ? "," : "", items[i]);
          continue;
        }
      name = g_strstrip (g_strndup (items[i], (gsize) (equals - items[i])));
      id = g_strconcat (AG_SWEEP_INIT, name, NULL);
      add_range (request, id, equals + 1);
    }
  return rest->len == 0 || ag_setting_parse (ag_setting_find (spec, "init"), rest->str, spec, error);
}

static gboolean
apply_setting (Request *request,
               const AgSetting *setting,
               const char *value,
               AgRunSpec *spec,
               GError **error)
{
  if (strcmp (setting->id, "init") == 0)
    return apply_init (request, value, spec, error);
  if (!ag_sweep_is_range (value))
    return converge_run_options_apply_setting (setting, value, spec, &request->options->fault, error);
  add_range (request, setting->id, value);
  return TRUE;
}

/* An option that is neither ours nor a setting of the run may be one of another optimizer. */
static gboolean
apply_settings (Request *request,
                AgRunSpec *spec,
                GError **error)
{
  for (guint i = 0; i < request->table->len; i++)
    {
      const char *id = g_array_index (request->table, ConvergeOption, i).id;
      const char *value = request->arguments->values[i];
      const AgSetting *setting = ag_setting_find (spec, id);

      if (value == NULL || converge_run_command_find_own (&converge_sweep_command, id) != NULL)
        continue;
      if (setting == NULL ? !converge_run_options_fail_inapplicable (spec, id, error)
                          : !apply_setting (request, setting, value, spec, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_own (Request *request,
           GError **error)
{
  for (guint i = 0; i < request->table->len; i++)
    {
      const ConvergeOwnOption *mine
        = converge_run_command_find_own (&converge_sweep_command,
                                         g_array_index (request->table, ConvergeOption, i).id);
      const char *value = request->arguments->values[i];

      if (mine != NULL && value != NULL
          && !converge_own_option_apply (mine, request->options, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_optimizer (Request *request,
               const AgRunSpec *base,
               const AgOptimizerClass *optimizer,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;
  AgRunSpec spec = *base;

  ag_run_spec_set_optimizer (&spec, optimizer);
  if (apply_settings (request, &spec, &local_error))
    {
      g_array_append_val (request->options->specs, spec);
      return TRUE;
    }
  if (request->is_any)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* A curve for each optimizer that was named. */
static gboolean
add_optimizers (Request *request,
                const AgRunSpec *base,
                GError **error)
{
  const ConvergeSweepOptions *options = request->options;
  g_auto (GStrv) ids = g_strsplit (options->optimizers, ",", -1);

  request->is_any = strcmp (options->optimizers, "all") == 0;
  for (guint i = 0; request->is_any && i < ag_optimizer_n_classes (); i++)
    add_optimizer (request, base, ag_optimizer_class_nth (i), NULL);
  for (guint i = 0; !request->is_any && ids[i] != NULL; i++)
    {
      AgRunSpec spec = *base;

      if (!ag_setting_parse (ag_setting_find (NULL, "optimizer"), ids[i], &spec, error)
          || !add_optimizer (request, base, spec.optimizer, error))
        return FALSE;
    }
  if (options->specs->len > 0)
    return TRUE;
  /* All fail alike where a value is wrong. */
  request->is_any = FALSE;
  return add_optimizer (request, base, base->optimizer, error);
}

static gboolean
has_value (const Request *request,
           const char *id)
{
  for (guint i = 0; i < request->table->len; i++)
    if (strcmp (g_array_index (request->table, ConvergeOption, i).id, id) == 0)
      return request->arguments->values[i] != NULL;
  return FALSE;
}

static gboolean
add_curves (Request *request,
            const AgRunSpec *base,
            GError **error)
{
  ConvergeSweepOptions *options = request->options;
  AgRunSpec spec = *base;

  if (options->optimizers != NULL && has_value (request, "optimizer"))
    return converge_run_options_fail (error, "“--optimizers” names the optimizers. Leave "
                                             "“--optimizer” out.");
  if (options->optimizers != NULL)
    return add_optimizers (request, base, error);
  if (!apply_settings (request, &spec, error))
    return FALSE;
  g_array_append_val (options->specs, spec);
  return TRUE;
}

/* Each curve that there is, once for each seed. */
static gboolean
add_seeds (Request *request,
           GError **error)
{
  ConvergeSweepOptions *options = request->options;
  const guint n_specs = options->specs->len;
  g_autoptr (AgSweepAxis) seeds = NULL;

  if (options->seeds == NULL)
    return TRUE;
  if (has_value (request, "seed"))
    return converge_run_options_fail (error, "“--seeds” names the seeds. Leave “--seed” out.");
  seeds = ag_sweep_axis_new (&g_array_index (options->specs, AgRunSpec, 0), "seed", options->seeds,
                             AG_SWEEP_MAX_VALUES, error);
  if (seeds == NULL)
    return FALSE;
  if (n_specs > AG_SWEEP_MAX_RUNS / seeds->n)
    return converge_run_options_fail (error,
                                      "%u seeds of %u optimizers are more runs than the %d that there "
                                      "can be. Give fewer of them.",
                                      seeds->n, n_specs, AG_SWEEP_MAX_RUNS);
  for (guint i = 0; i < n_specs; i++)
    for (guint k = 0; k < seeds->n; k++)
      {
        AgRunSpec spec = g_array_index (options->specs, AgRunSpec, i);

        if (!ag_sweep_axis_apply (seeds, k, &spec, error))
          return FALSE;
        g_array_append_val (options->specs, spec);
      }
  g_array_remove_range (options->specs, 0, n_specs);
  return TRUE;
}

static gboolean
add_axes (Request *request,
          GError **error)
{
  ConvergeSweepOptions *options = request->options;
  const guint n_axes = request->ids->len;
  const gint64 suitable = n_axes > 1 ? N_VALUES_OF_TWO : N_VALUES;
  const guint n = (guint) (options->count > 0 ? options->count : suitable);

  if (n_axes == 0 || n_axes > AG_SWEEP_MAX_AXES)
    return converge_run_options_fail (
      error, "%s. Give one or two of them a range, as “--lr 1e-8..1e-4”.",
      n_axes == 0 ? "No setting has a range" : "More than two settings have a range");
  for (guint i = 0; i < n_axes; i++)
    {
      AgSweepAxis *axis = ag_sweep_axis_new (&g_array_index (options->specs, AgRunSpec, 0),
                                             g_ptr_array_index (request->ids, i),
                                             g_ptr_array_index (request->ranges, i), n, error);

      if (axis == NULL)
        return FALSE;
      g_ptr_array_add (options->axes, axis);
    }
  return TRUE;
}

static gboolean
find_look (Request *request,
           const AgRunSpec *spec,
           GError **error)
{
  ConvergeSweepOptions *options = request->options;
  const AgModelClass *model = spec->program->model;
  const char *show = options->show;
  gint parameter;

  if (show == NULL || strcmp (show, "loss") == 0)
    return TRUE;
  if (strcmp (show, "steps") == 0)
    {
      options->look.quantity = CONVERGE_SWEEP_STEPS;
      return TRUE;
    }
  parameter = ag_model_class_find_parameter (model, show);
  if (parameter < 0)
    {
      g_autofree char *names = ag_model_class_list_parameters (model);

      return converge_run_options_fail (error,
                                        "“%s” cannot be shown. Give “loss”, “steps”, or one of "
                                        "the parameters %s.",
                                        show, names);
    }
  options->look.quantity = CONVERGE_SWEEP_PARAMETER;
  options->look.parameter = (guint) parameter;
  return TRUE;
}

static gboolean
read_request (Request *request,
              GError **error)
{
  ConvergeSweepOptions *options = request->options;
  AgRunSpec base;

  if (!converge_run_command_apply_program (request->table, request->arguments, &base, error)
      || !apply_own (request, error))
    return FALSE;
  if (options->help)
    return TRUE;
  return find_look (request, &base, error) && add_curves (request, &base, error)
         && converge_run_options_check_used (&g_array_index (options->specs, AgRunSpec, 0),
                                             request->table, request->arguments, error)
         && add_axes (request, error) && add_seeds (request, error);
}

/**
 * converge_sweep_options_parse:
 * @options: (out caller-allocates): what is asked for
 * @argv: (array zero-terminated=1): what was typed after “converge sweep”
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads the arguments of `converge sweep`.
 *
 * Returns: whether they were understood
 */
gboolean
converge_sweep_options_parse (ConvergeSweepOptions *options,
                              char *const *argv,
                              GError **error)
{
  g_autoptr (GArray) table = converge_run_command_table (&converge_sweep_command);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) ranges = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ConvergeArguments) arguments = NULL;
  Request request = { options, table, NULL, ids, ranges, FALSE };

  memset (options, 0, sizeof *options);
  options->look = (ConvergeSweepLook) CONVERGE_SWEEP_LOOK_INIT;
  options->specs = g_array_new (FALSE, FALSE, sizeof (AgRunSpec));
  options->axes = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_sweep_axis_free);
  arguments = converge_arguments_parse (converge_sweep_command.name,
                                        (const ConvergeOption *) table->data, table->len, argv,
                                        error);
  request.arguments = arguments;
  return arguments != NULL && read_request (&request, error);
}

/**
 * converge_sweep_options_clear:
 * @options: what was asked for
 *
 * Frees what is in it.
 */
void
converge_sweep_options_clear (ConvergeSweepOptions *options)
{
  g_clear_pointer (&options->specs, g_array_unref);
  g_clear_pointer (&options->axes, g_ptr_array_unref);
}
