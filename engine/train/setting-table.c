/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/setting-table.h"

#include "data/target.h"
#include "model/formula-model.h"
#include "train/run-check.h"
#include "train/setting-choices.h"
#include "train/setting-texts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
set_program (AgRunSpec *spec,
             guint index)
{
  ag_run_spec_init (spec, ag_program_class_nth (index));
}

static gboolean
has_formula (const AgRunSpec *spec)
{
  return ag_formula_model_text (spec->program->model) != NULL;
}

/* A gradient that is derived by hand is that of one loss. */
static gboolean
has_loss (const AgRunSpec *spec)
{
  return spec->program->by_hand == NULL;
}

static gboolean
has_delta (const AgRunSpec *spec)
{
  return has_loss (spec) && spec->loss->kind == AG_LOSS_HUBER;
}

static const char *
why_no_formula (const AgRunSpec *spec)
{
  return ag_run_spec_has_file (spec) ? _ ("the points are from a file") : NULL;
}

static const char *
why_no_file (const AgRunSpec *spec)
{
  return ag_run_spec_has_file (spec) ? NULL : _ ("the points are not from a file");
}

static const AgSetting *
find_row (const char *id)
{
  guint i = 0;

  while (strcmp (ag_setting_table[i].id, id) != 0)
    i++;
  return &ag_setting_table[i];
}

/* Whether a seed can be used decides the program alone, which a run that is only looked
 * at has too. */
static gboolean
parse_seed (const char *text,
            AgRunSpec *spec,
            GError **error)
{
  AgRunSpec changed = *spec;

  if (!ag_setting_parse_kind (find_row ("seed"), text, &changed.seed, error)
      || !ag_run_check_seed (&changed, error))
    return FALSE;
  *spec = changed;
  return TRUE;
}

#define FIELD(name) G_STRUCT_OFFSET (AgRunSpec, name)

/* In the order in which they are applied: a program brings its own values of all that
 * follow, an optimizer its learning rate. The optimizer's options come after that. */
const AgSetting ag_setting_table[] = {
  {
    .id = "program",
    .title = N_ ("Program"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_PROGRAM,
    .help = "which program of the tutorial",
    .mention = AG_SETTING_ALWAYS,
    .nth = ag_setting_nth_program,
    .get = ag_setting_get_program,
    .set = set_program,
  },
  {
    .id = "model",
    .title = N_ ("Model"),
    .kind = AG_SETTING_TEXT,
    .group = AG_SETTING_OF_PROGRAM,
    .help = "the model that the program “formula” fits, in x and in names for what is to be "
            "found, as “a*exp(-b*x) + c”; the program need not be named then",
    .argument = "FORMULA",
    .is_of_program = TRUE,
    .mention = AG_SETTING_ALWAYS,
    .format = ag_setting_format_model,
    .parse = ag_setting_parse_model,
    .applies = has_formula,
  },
  {
    .id = "loss",
    .title = N_ ("Loss"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_PROGRAM,
    .help = "what is made of the distance to each point, by PyTorch's names: MSELoss, L1Loss or "
            "HuberLoss; the programs' own is MSELoss",
    .argument = "NAME",
    .applies = has_loss,
    .nth = ag_setting_nth_loss,
    .get = ag_setting_get_loss,
    .set = ag_setting_set_loss,
  },
  {
    .id = "reduction",
    .title = N_ ("Reduction"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_PROGRAM,
    .help = "what is made of the losses of all points, sum or mean; if nothing is said, mean of "
            "“mlp” and “formula”, and sum of the others",
    .argument = "HOW",
    .applies = has_loss,
    .choices = (const AgChoice[]){
      { "sum", N_ ("Sum"), NULL, TRUE },
      { "mean", N_ ("Mean"), NULL, TRUE },
      { NULL },
    },
    .get = ag_setting_get_reduction,
    .set = ag_setting_set_reduction,
  },
  {
    .id = "delta",
    .title = N_ ("Delta"),
    .kind = AG_SETTING_NUMBER,
    .value = 1,
    .minimum = 0,
    .above_minimum = TRUE,
    .maximum = INFINITY,
    .group = AG_SETTING_OF_PROGRAM,
    .help = "of HuberLoss, how far from a point squares end and absolute values begin, above 0; 1 if "
            "nothing is said",
    .applies = has_delta,
    .offset = FIELD (delta),
  },
  {
    .id = "optimizer",
    .title = N_ ("Optimizer"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_TRAINING,
    .help = "which optimizer, with its defaults below whatever the program has; the learning "
            "rate is one that suits both, which “converge list rates” shows",
    .argument = "ID",
    .mention = AG_SETTING_ALWAYS,
    .nth = ag_setting_nth_optimizer,
    .get = ag_setting_get_optimizer,
    .set = ag_setting_set_optimizer,
  },
  {
    .id = "lr",
    .title = N_ ("Learning rate"),
    .kind = AG_SETTING_NUMBER,
    .minimum = 0,
    .above_minimum = TRUE,
    .maximum = INFINITY,
    .group = AG_SETTING_OF_TRAINING,
    .help = "the learning rate, above 0",
    .is_live = TRUE,
    .mention = AG_SETTING_ALWAYS,
    .offset = FIELD (lr),
  },
  {
    .id = "steps",
    .title = N_ ("Steps"),
    .kind = AG_SETTING_COUNT,
    .minimum = 1,
    .maximum = AG_RUN_MAX_STEPS,
    .group = AG_SETTING_OF_TRAINING,
    .help = "how many steps to take, up to 10^12",
    .is_live = TRUE,
    .mention = AG_SETTING_ALWAYS,
    .offset = FIELD (steps),
    .check = ag_run_check_steps,
  },
  {
    .id = "data",
    .title = N_ ("Data"),
    .kind = AG_SETTING_TEXT,
    .text = "",
    .group = AG_SETTING_OF_DATA,
    .help = "fit the points in a file: a table of numbers with commas, semicolons, tabs or "
            "blanks between its cells, with or without names of columns, also gzipped; or a sample, "
            "“sample:decay”, as “converge list samples” shows them",
    .argument = "FILE",
    .offset = FIELD (data),
    .parse = ag_setting_parse_data,
    .check = ag_run_check_data,
  },
  {
    .id = "x",
    .title = N_ ("Column of x"),
    .kind = AG_SETTING_TEXT,
    .text = "",
    .group = AG_SETTING_OF_DATA,
    .help = "name or number of the file's column with x; the first with numbers if none is given",
    .argument = "COLUMN",
    .offset = FIELD (x),
    .why_unused = why_no_file,
  },
  {
    .id = "y",
    .title = N_ ("Column of y"),
    .kind = AG_SETTING_TEXT,
    .text = "",
    .group = AG_SETTING_OF_DATA,
    .help = "name or number of the file's column with y; the next with numbers if none is given",
    .argument = "COLUMN",
    .offset = FIELD (y),
    .why_unused = why_no_file,
  },
  {
    .id = "delimiter",
    .title = N_ ("Between cells"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_DATA,
    .help = "what is between the file's cells: auto, comma, semicolon, tab or space; auto, which "
            "finds it out, if nothing is said",
    .argument = "SIGN",
    .offset = FIELD (delimiter),
    .choices = (const AgChoice[]){
      [AG_DELIMITER_AUTO] = { "auto", N_ ("Found out"), NULL, TRUE },
      [AG_DELIMITER_COMMA] = { "comma", N_ ("Comma"), NULL, TRUE },
      [AG_DELIMITER_SEMICOLON] = { "semicolon", N_ ("Semicolon"), NULL, TRUE },
      [AG_DELIMITER_TAB] = { "tab", N_ ("Tab"), NULL, TRUE },
      [AG_DELIMITER_SPACE] = { "space", N_ ("Blanks"), NULL, TRUE },
      { NULL },
    },
    .why_unused = why_no_file,
  },
  {
    .id = "decimal",
    .title = N_ ("Decimal sign"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_DATA,
    .help = "the decimal sign of its numbers: auto, point or comma; auto, which finds it out, if "
            "nothing is said",
    .argument = "SIGN",
    .offset = FIELD (decimal),
    .choices = (const AgChoice[]){
      [AG_DECIMAL_AUTO] = { "auto", N_ ("Found out"), NULL, TRUE },
      [AG_DECIMAL_POINT] = { "point", N_ ("Point"), NULL, TRUE },
      [AG_DECIMAL_COMMA] = { "comma", N_ ("Comma"), NULL, TRUE },
      { NULL },
    },
    .why_unused = why_no_file,
  },
  {
    .id = "scale",
    .title = N_ ("Scaling"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_DATA,
    .help = "what is done with the file's points before they are fitted: none, or standard, with "
            "which x and y get mean 0 and deviation 1; none if nothing is said",
    .argument = "HOW",
    .offset = FIELD (scale),
    .choices = (const AgChoice[]){
      [AG_SCALING_NONE] = { "none", N_ ("None"), N_ ("The numbers are fitted as they are"), TRUE },
      [AG_SCALING_STANDARD] = { "standard", N_ ("Standard"), N_ ("x and y get mean 0 and deviation 1"), TRUE },
      { NULL },
    },
    .why_unused = why_no_file,
  },
  {
    .id = "target",
    .title = N_ ("y ="),
    .kind = AG_SETTING_TEXT,
    .text = AG_TARGET_SINE,
    .group = AG_SETTING_OF_DATA,
    .help = "the function of x to fit; sin(x) if none is given",
    .argument = "FORMULA",
    .offset = FIELD (target),
    .parse = ag_setting_parse_target,
    .why_unused = why_no_formula,
    .check = ag_run_check_target,
  },
  {
    .id = "from",
    .title = N_ ("x from"),
    .kind = AG_SETTING_NUMBER,
    .value = -G_PI,
    .minimum = -INFINITY,
    .maximum = INFINITY,
    .group = AG_SETTING_OF_DATA,
    .help = "where the points begin; -pi if nothing is said",
    .offset = FIELD (from),
    .format = ag_setting_format_from,
    .parse = ag_setting_parse_from,
    .why_unused = why_no_formula,
    .check = ag_run_check_interval,
  },
  {
    .id = "to",
    .title = N_ ("x to"),
    .kind = AG_SETTING_NUMBER,
    .value = G_PI,
    .minimum = -INFINITY,
    .maximum = INFINITY,
    .group = AG_SETTING_OF_DATA,
    .help = "where they end; pi if nothing is said",
    .offset = FIELD (to),
    .format = ag_setting_format_to,
    .parse = ag_setting_parse_to,
    .why_unused = why_no_formula,
    .check = ag_run_check_interval,
  },
  {
    .id = "points",
    .title = N_ ("Points"),
    .kind = AG_SETTING_COUNT,
    .value = 2000,
    .minimum = AG_RUN_MIN_POINTS,
    .maximum = AG_RUN_MAX_POINTS,
    .group = AG_SETTING_OF_DATA,
    .help = "how many points to fit, from 2 to 10^9; 2000 if nothing is said",
    .mention = AG_SETTING_ALWAYS,
    .offset = FIELD (points),
    .why_unused = why_no_formula,
    .check = ag_run_check_points,
  },
  {
    .id = "init",
    .title = N_ ("Values"),
    .kind = AG_SETTING_TEXT,
    .text = "seed",
    .group = AG_SETTING_OF_START,
    .help = "where the initial values come from: “seed” draws them as PyTorch or NumPy does, "
            "“published” takes those of the tutorial's printed run, and “a=0.5,b=-1” gives "
            "some of them",
    .argument = "HOW",
    .is_of_program = TRUE,
    .offset = FIELD (init),
    .parse = ag_setting_parse_init,
    .check = ag_run_check_init,
  },
  {
    .id = "hold",
    .title = N_ ("Held"),
    .kind = AG_SETTING_TEXT,
    .text = "",
    .group = AG_SETTING_OF_START,
    .help = "names of parameters that are not trained, as “b,c”; “c=0” gives the value too",
    .argument = "NAMES",
    .is_of_program = TRUE,
    .offset = FIELD (hold),
    .parse = ag_setting_parse_hold,
    .check = ag_run_check_hold,
  },
  {
    .id = "units",
    .title = N_ ("Units"),
    .kind = AG_SETTING_TEXT,
    .text = "",
    .group = AG_SETTING_OF_START,
    .help = "units of the parameters of a typed model, as “b=1/s,c=m”, which are told beside their "
            "values",
    .argument = "UNITS",
    .is_of_program = TRUE,
    .applies = has_formula,
    .offset = FIELD (units),
    .parse = ag_setting_parse_units,
  },
  {
    .id = "seed",
    .title = N_ ("Seed"),
    .kind = AG_SETTING_SEED,
    .group = AG_SETTING_OF_START,
    .help = "seed of the random numbers, up to 2^64 − 1, of “numpy” up to 2^32 − 1; 0 if none "
            "is given",
    .is_of_program = TRUE,
    .mention = AG_SETTING_ALWAYS,
    .offset = FIELD (seed),
    .parse = parse_seed,
    .check = ag_run_check_seed,
  },
  {
    .id = "tries",
    .title = N_ ("Tries"),
    .kind = AG_SETTING_COUNT,
    .value = 1,
    .minimum = 1,
    .maximum = AG_RUN_MAX_TRIES,
    .group = AG_SETTING_OF_START,
    .help = "how many seeds to try, that one and those after it, of which the run takes the one "
            "whose initial values have the least loss, up to 1000; 1 if nothing is said",
    .offset = FIELD (tries),
  },
  {
    .id = "dtype",
    .title = N_ ("Precision"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_NUMBERS,
    .help = "the type of all numbers, float32 or float64",
    .argument = "TYPE",
    .mention = AG_SETTING_ALWAYS,
    .offset = FIELD (dtype),
    .nth = ag_setting_nth_dtype,
  },
  {
    .id = "pytorch",
    .title = N_ ("Numbers of"),
    .kind = AG_SETTING_CHOICE,
    .value = AG_PYTORCH_2,
    .group = AG_SETTING_OF_NUMBERS,
    .help = "whose numbers, where versions of PyTorch differ: 1 or 2; 2 if nothing is said",
    .argument = "VERSION",
    .mention = AG_SETTING_ALWAYS,
    .offset = FIELD (pytorch),
    .choices = (const AgChoice[]){
      [AG_PYTORCH_1] = { "1", N_ ("PyTorch 1"), N_ ("As PyTorch 1.13 computes them"), TRUE },
      [AG_PYTORCH_2] = { "2", N_ ("PyTorch 2"), N_ ("As PyTorch 2 computes them"), TRUE },
      { NULL },
    },
  },
  {
    .id = "rounding",
    .title = N_ ("Rounding"),
    .kind = AG_SETTING_CHOICE,
    .value = AG_ROUNDING_EXACT,
    .group = AG_SETTING_OF_NUMBERS,
    .help = "what is rounded: exact, each operation as in PyTorch, or fast, over the points a "
            "product with the sum that follows it; exact if nothing is said",
    .argument = "MANNER",
    .offset = FIELD (rounding),
    .choices = (const AgChoice[]){
      [AG_ROUNDING_EXACT] = { "exact", N_ ("Each operation"), N_ ("As PyTorch does"), TRUE },
      [AG_ROUNDING_FAST] = { "fast", N_ ("Product with sum"), N_ ("A third faster, with other last digits than PyTorch’s"), TRUE },
      { NULL },
    },
  },
  {
    .id = "device",
    .title = N_ ("Device"),
    .kind = AG_SETTING_CHOICE,
    .group = AG_SETTING_OF_MACHINE,
    .help = "which device, as “converge list devices” shows them; cpu if none is given",
    .argument = "ID",
    .mention = AG_SETTING_ALWAYS,
    .nth = ag_setting_nth_device,
    .get = ag_setting_get_device,
    .set = ag_setting_set_device,
    .format = ag_setting_format_device,
    .check = ag_run_check_device,
  },
  {
    .id = "threads",
    .title = N_ ("Threads"),
    .kind = AG_SETTING_COUNT,
    .minimum = 0,
    .maximum = AG_RUN_MAX_THREADS,
    .group = AG_SETTING_OF_MACHINE,
    .help = "threads of the processor, up to 256; 0 for as many as pay",
    .offset = FIELD (n_threads),
  },
  {
    .id = "pace",
    .title = N_ ("Pace"),
    .kind = AG_SETTING_NUMBER,
    .minimum = 0,
    .maximum = INFINITY,
    .group = AG_SETTING_OF_MACHINE,
    .help = "take at most so many steps per second, at least 1e-6; 0 for no limit",
    .is_live = TRUE,
    .mention = AG_SETTING_NEVER,
    .offset = FIELD (pace),
    .check = ag_run_check_pace,
  },
};

const guint ag_setting_table_length = G_N_ELEMENTS (ag_setting_table);

/* A class's options are our own text, so nothing is checked but by a test. */
static void
set_options (AgRunSpec *spec,
             const char *text)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (gsize i = 0; items[i] != NULL; i++)
    {
      char *value = strchr (items[i], '=');
      gint option;

      *value = '\0';
      option = ag_optimizer_class_find_option (spec->optimizer, items[i]);
      g_return_if_fail (option >= 0);
      spec->options[option] = g_ascii_strtod (value + 1, NULL);
    }
}

/* Sets all settings that have a field of their own to the table's defaults, but for the
 * learning rate, which optimizer and program say. */
static void
set_defaults (AgRunSpec *spec)
{
  for (guint i = AG_SETTING_N_BEFORE_OPTIONS; i < ag_setting_table_length; i++)
    {
      const AgSetting *row = &ag_setting_table[i];
      gpointer field = G_STRUCT_MEMBER_P (spec, row->offset);

      switch (row->kind)
        {
        case AG_SETTING_NUMBER:
        case AG_SETTING_FLAG:
          *(double *) field = row->value;
          break;
        case AG_SETTING_COUNT:
          *(gint64 *) field = (gint64) row->value;
          break;
        case AG_SETTING_SEED:
          *(guint64 *) field = (guint64) row->value;
          break;
        case AG_SETTING_TEXT:
          *(const char **) field = row->text;
          break;
        case AG_SETTING_CHOICE:
        default:
          if (row->set == NULL)
            *(guint *) field = (guint) row->value;
        }
    }
  /* The first device there is, which need not be looked for. */
  spec->device = "cpu";
}

/**
 * ag_run_spec_init:
 * @spec: a specification
 * @program: a program
 *
 * Fills it with the defaults: those of the table of settings, but for what the program
 * has of its own, which is the tutorial's.
 */
void
ag_run_spec_init (AgRunSpec *spec,
                  const AgProgramClass *program)
{
  memset (spec, 0, sizeof *spec);
  spec->program = program;
  spec->loss = program->loss;
  spec->delta = find_row ("delta")->value;
  ag_run_spec_set_optimizer (spec, ag_optimizer_class_find (program->optimizer));
  set_defaults (spec);
  spec->steps = program->steps;
  spec->dtype = program->dtype;
  if (program->options != NULL)
    set_options (spec, program->options);
}
