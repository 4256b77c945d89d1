/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surface-options.h"

#include "surface/survey.h"

#include <string.h>

#define GROUP_SURFACE "What is shown"

#define PLACE(field) G_STRUCT_OFFSET (ConvergeSurfaceOptions, field)

static gboolean
apply_step (gpointer data,
            const char *value,
            GError **error)
{
  static const AgSetting setting = { .title = "Step", .kind = AG_SETTING_COUNT, .maximum = AG_RUN_MAX_STEPS };
  ConvergeSurfaceOptions *options = data;

  return ag_setting_parse_kind (&setting, value, &options->step, error);
}

static gboolean
apply_kind (gpointer data,
            const char *value,
            GError **error)
{
  ConvergeSurfaceOptions *options = data;
  const gint kind = ag_plane_kind_find (value);

  if (kind < 0)
    return converge_run_options_fail (error,
                                      "“%s” is no kind of surface. Give profile, with the other "
                                      "parameters at each place where they are best; slice, with them "
                                      "as at the step; or path, for the plane in which the run moved "
                                      "most.",
                                      value);
  options->kind = (AgPlaneKind) kind;
  options->has_kind = TRUE;
  return TRUE;
}

static const ConvergeOwnOption own[] = {
  { { "from-run", 0, "FILE", FALSE, CONVERGE_GROUP_RUN,
      "begin with the settings in a run.json, which further options override" },
    NULL,
    PLACE (from_run) },
  { { "over", 0, "P,Q", FALSE, GROUP_SURFACE,
      "two parameters; b and d, or the first two, if nothing is said, and where these leave two "
      "others that the loss can be split into, a second picture over those" },
    NULL,
    PLACE (over) },
  { { "kind", 0, "KIND", FALSE, GROUP_SURFACE,
      "where the other parameters are: profile, at each place where they are best; slice, as at the "
      "step; or path, instead of two parameters the two directions in which the run moved most. "
      "Profile if nothing is said and the model is linear, else slice" },
    apply_kind },
  { { "step", 0, "N", FALSE, GROUP_SURFACE,
      "after how many steps the moment is; after the last one if nothing is said" },
    apply_step },
  { { "output", 'o', "FILE", FALSE, CONVERGE_GROUP_OUTPUT,
      "draw into a .svg, .png or .pdf file, or write the loss over the first plane as .csv; without it "
      "that goes to the standard output" },
    NULL,
    PLACE (output) },
  { { "dark", 0, NULL, FALSE, CONVERGE_GROUP_OUTPUT, "draw it bright on dark" }, NULL, PLACE (dark) },
  { { "help", 'h', NULL, FALSE, CONVERGE_GROUP_OUTPUT, "this text" }, NULL, PLACE (help) },
};

const ConvergeRunCommand converge_surface_command = {
  .name = "converge surface",
  .usage = "Usage: converge surface [PROGRAM] [OPTION]…",
  .description = "Trains a program and draws the loss over two of its parameters, or the two directions "
                 "in which it moved most: contours of how far it is above the least, and on them the "
                 "way of the run, the optimum and a step. The other options are those of “converge "
                 "train”.",
  .ending = "The exit status is 0 when the picture was made, 1 when the device or a file failed, "
            "and 2 when an argument makes no sense.",
  .n_own = G_N_ELEMENTS (own),
  .own = own,
};

/**
 * converge_surface_options_parse:
 * @options: (out caller-allocates): what is asked for
 * @argv: (array zero-terminated=1): what was typed after “converge surface”
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads the arguments of `converge surface`.
 *
 * Returns: whether they were understood
 */
gboolean
converge_surface_options_parse (ConvergeSurfaceOptions *options,
                                char *const *argv,
                                GError **error)
{
  memset (options, 0, sizeof *options);
  options->step = -1;
  return converge_run_command_parse (&converge_surface_command, argv, options, &options->spec,
                                     &options->fault, error);
}

static gboolean
find_parameter (const AgRunSpec *spec,
                const char *name,
                guint *parameter,
                GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));
  const gint index = ag_model_class_find_parameter (spec->program->model, stripped);

  if (index < 0)
    {
      g_autofree char *names = ag_model_class_list_parameters (spec->program->model);

      return converge_run_options_fail (error, "“%s” is no parameter of “%s”, which has %s.", stripped,
                                        spec->program->id, names);
    }
  if (ag_run_spec_is_held (spec, (guint) index))
    return converge_run_options_fail (error,
                                      "“%s” is held, so that the loss is not looked at over it. Give "
                                      "another parameter, or do not hold it.",
                                      stripped);
  *parameter = (guint) index;
  return TRUE;
}

/**
 * converge_surface_options_find_parameters:
 * @options: what is asked for
 * @parameters: (out): the two parameters that the loss is shown over
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether there are two
 */
gboolean
converge_surface_options_find_parameters (const ConvergeSurfaceOptions *options,
                                          guint parameters[2],
                                          GError **error)
{
  g_auto (GStrv) words = g_strsplit (options->over != NULL ? options->over : "", ",", -1);
  const AgModelClass *model = options->spec.program->model;
  guint n_free = 0;

  for (guint i = 0; i < model->n_parameters; i++)
    n_free += !ag_run_spec_is_held (&options->spec, i);
  if (n_free < 2)
    return converge_run_options_fail (error,
                                      "A surface needs two parameters that are not held, and there %s. "
                                      "Hold fewer of them.",
                                      n_free == 1 ? "is one" : "is none");
  if (options->over == NULL)
    {
      ag_survey_wish_default_parameters (&options->spec, parameters);
      return TRUE;
    }
  if (g_strv_length (words) != 2)
    return converge_run_options_fail (error, "“%s” is not two parameters. Give them as “b,d”.",
                                      options->over);
  if (!find_parameter (&options->spec, words[0], &parameters[0], error)
      || !find_parameter (&options->spec, words[1], &parameters[1], error))
    return FALSE;
  return parameters[0] != parameters[1]
         || converge_run_options_fail (error, "“%s” is the same parameter twice. Give two.",
                                       options->over);
}
