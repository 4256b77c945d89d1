/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-source.h"
#include "device/device-private.h"
#include "graph/graph.h"
#include "model/predictor.h"
#include "optim/optimizer.h"
#include "program/program.h"
#include "train/run-spec.h"

#include <string.h>

/* record FILE
 *
 * Takes some steps of every program with every optimizer and writes each loop
 * that occurs, as cpu-source.c has it, into one C file, which is then compiled
 * for each instruction set. */

#define N_STEPS 4

/* A program that chooses a structure for each step has chosen all after so many. */
#define N_DYNAMIC_STEPS 100

/* Few enough for data to be kept, and too many. */
static const gint64 sizes[] = { 2000, 20000 };

static GHashTable *texts;
static GHashTable *batch_texts;

/* Whether the plan is one that batches are for: that of a step, not of an evaluation, of few points,
 * with the optimizer's options as they are. */
static gboolean is_for_batches;
static gboolean has_batches;
static AgDeviceClass recording;
static AgExecutable *(*prepare) (AgDevice *, const AgPlan *, GError **);

static void
record_loop (const AgPlan *plan,
             const AgStage *stage)
{
  const gboolean is_batch = is_for_batches && ag_cpu_batch_suits (plan);
  g_autoptr (AgCpuSource) source = ag_cpu_source_new (plan, stage);
  g_autoptr (AgCpuSource) batch = is_batch ? ag_cpu_batch_source_new (plan, stage) : NULL;

  if (source != NULL)
    g_hash_table_add (texts, g_steal_pointer (&source->text));
  if (batch != NULL)
    g_hash_table_add (batch_texts, g_steal_pointer (&batch->text));
}

static AgExecutable *
record_plan (AgDevice *device,
             const AgPlan *plan,
             GError **error)
{
  for (gint i = 0; i < plan->n_stages; i++)
    if (plan->stages[i].kind == AG_STAGE_LOOP)
      record_loop (plan, &plan->stages[i]);
  return prepare (device, plan, error);
}

static void
take_steps (const AgRunSpec *spec,
            AgDevice *device)
{
  const gint n_steps = spec->program->choose_structure != NULL ? N_DYNAMIC_STEPS : N_STEPS;
  GError *error = NULL;
  g_autoptr (AgData) data = ag_run_spec_data (spec, &error);
  AgGraph *graph = ag_graph_new (device);
  AgOptimizer *optimizer;
  AgProgram *program;

  ag_graph_set_pytorch (graph, spec->pytorch);
  ag_graph_enter (graph);
  program = ag_program_new (spec->program, spec->dtype, data, spec->seed, &error);
  if (error != NULL)
    g_error ("%s: %s", spec->program->id, error->message);
  optimizer = ag_optimizer_new (spec->optimizer, program->model->n_tensors, program->model->tensors);
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    ag_optimizer_set_option (optimizer, i, spec->options[i]);
  ag_graph_set_rounding (graph, spec->rounding);
  for (gint i = 0; i < n_steps; i++)
    {
      AgTensor *loss;

      ag_optimizer_zero_grad (optimizer);
      loss = ag_tensor_ref (ag_program_step (program));
      ag_optimizer_step (optimizer);
      is_for_batches = has_batches;
      if (!ag_graph_end_step (graph, &error))
        g_error ("%s: %s", spec->program->id, error->message);
      ag_tensor_unref (loss);
      is_for_batches = FALSE;
      if (!ag_program_evaluate_loss (program, &(double){ 0 }, &error))
        g_error ("%s: %s", spec->program->id, error->message);
    }
  ag_optimizer_free (optimizer);
  ag_program_free (program);
  ag_graph_leave (graph);
  ag_graph_free (graph);
}

/* Plots and the optimum ask the program's model for curves, whose loops are recorded here. */
static void
predict (const AgProgramClass *program,
         AgDevice *device)
{
  GError *error = NULL;
  AgPredictor *predictor = ag_predictor_new_on (program->model, device, &error);
  g_autofree double *coefficients = g_new0 (double, program->model->n_parameters);
  double y;

  if (predictor == NULL
      || !ag_predictor_evaluate (predictor, coefficients, 1, &(double){ 0 }, &y, &error))
    g_error ("%s: %s", program->id, error->message);
  ag_predictor_free (predictor);
}

/* With the options as they are, and with each of them that may be left out
 * turned on. */
static void
record_program (AgRunSpec *spec,
                AgDevice *device)
{
  has_batches = spec->points == sizes[0];
  take_steps (spec, device);
  has_batches = FALSE;
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    if (spec->options[i] == 0)
      {
        spec->options[i] = spec->optimizer->options[i].kind == AG_SETTING_FLAG ? 1 : 0.5;
        take_steps (spec, device);
        spec->options[i] = 0;
      }
}

static gint
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Writes the texts of a table as functions, and their places in the table. */
static void
write_texts (GHashTable *hash,
             const char *prefix,
             GString *functions,
             GString *table)
{
  guint n;
  g_autofree gpointer *all = g_hash_table_get_keys_as_array (hash, &n);

  qsort (all, n, sizeof *all, compare_texts);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all[i], -1);

      g_string_append_printf (functions, "#undef AG_LOOP\n#define AG_LOOP %s_%u\n%s\n", prefix, i,
                              (const char *) all[i]);
      g_string_append_printf (table, "  { \"%s\", %s_%u },\n", key, prefix, i);
    }
}

/* Where vectors are short, a batch gains little. */
static char *
write_file (void)
{
  GString *file = g_string_new ("#define AG_LINKAGE static\n"
                                "#include \"device/cpu-prelude.h\"\n\n");
  GString *table = g_string_new ("#include \"device/cpu-kernels.h\"\n\n"
                                 "const AgCpuBuiltIn AG_CPU_BUILT_IN[] = {\n");

  write_texts (texts, "loop", file, table);
  g_string_append (file, "#if AG_RUNS >= AG_LEAST_RUNS\n");
  g_string_append (table, "#if AG_RUNS >= AG_LEAST_RUNS\n");
  write_texts (batch_texts, "batch", file, table);
  g_string_append (file, "#endif\n\n");
  g_string_append (table, "#endif\n  { NULL, NULL },\n};\n");
  g_string_append_len (file, table->str, (gssize) table->len);
  g_string_free (table, TRUE);
  return g_string_free (file, FALSE);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  AgDevice *device = ag_device_open ("cpu", 1, &error);

  if (argc != 2 || device == NULL)
    return 2;
  texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  batch_texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  recording = *device->klass;
  prepare = recording.prepare;
  recording.prepare = record_plan;
  device->klass = &recording;

  /* Each optimizer with its own defaults, and before them the program's own. */
  for (guint p = 0; p < ag_program_n_classes (); p++)
    for (guint o = 0; o <= ag_optimizer_n_classes (); o++)
      for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
        for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
          for (AgPyTorch pytorch = AG_PYTORCH_1; pytorch <= AG_PYTORCH_2; pytorch++)
            {
              AgRunSpec spec;

              ag_run_spec_init (&spec, ag_program_class_nth (p));
              if (o > 0)
                ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (o - 1));
              spec.points = sizes[s];
              spec.dtype = dtype;
              spec.pytorch = pytorch;
              record_program (&spec, device);
              /* Only loops over points round in another way, which are those of the program. */
              spec.rounding = AG_ROUNDING_FAST;
              has_batches = spec.points == sizes[0];
              if (o == 0)
                take_steps (&spec, device);
              has_batches = FALSE;
            }
  for (guint p = 0; p < ag_program_n_classes (); p++)
    predict (ag_program_class_nth (p), device);
  ag_device_unref (device);
  file = write_file ();
  if (!g_file_set_contents (argv[1], file, -1, &error))
    {
      g_printerr ("record: %s\n", error->message);
      return 1;
    }
  return 0;
}
