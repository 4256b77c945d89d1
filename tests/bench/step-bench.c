/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fused.h"

#include "graph/graph.h"
#include "program/formula.h"
#include "train/run-spec.h"
#include "train/stepper.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* step-bench PROGRAM POINTS STEPS THREADS [OPTIMIZER|default [exact|fast]]
 *
 * Times steps of a program with its default optimizer or another, rounded like PyTorch's or
 * fast, as the trainer takes them but with nobody watching. PROGRAM may be a formula, which
 * then is the model. With `fused`, `fused64`, `fused-legendre` or `fused-dynamic` for PROGRAM
 * those of a loop written by hand, or with `read` what it takes to read the data once. Prints
 * nanoseconds per step, the loss of the last step, by how many KiB the process grew meanwhile,
 * and nanoseconds of processors per step, all threads together, which count where others use
 * the machine too. */

static long
resident_kib (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  char *rest;
  (void) strtol (text, &rest, 10);
  return strtol (rest, NULL, 10) * 4;
}

/* When steps began, by the clock and by what processors did for us. */
typedef struct
{
  gint64 clock_us;
  double processor_ns;
} Start;

static double
processor_ns (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e9 + (double) time.tv_nsec;
}

static Start
start_now (void)
{
  return (Start){ g_get_monotonic_time (), processor_ns () };
}

static void
report (Start start,
        gint64 steps,
        double loss,
        long grown)
{
  const double processor = processor_ns () - start.processor_ns;

  g_print ("%.1f %.9g %ld %.1f\n",
           (double) (g_get_monotonic_time () - start.clock_us) * 1e3 / (double) steps, loss, grown,
           processor / (double) steps);
}

#define BENCH_FUSED(name, T, step, rate, ...)                               \
  static void name (gint64 points, gint64 warm_up, gint64 steps)            \
  {                                                                         \
    g_autofree T *x = g_new (T, points);                                    \
    g_autofree T *y = g_new (T, points);                                    \
    T coefficients[FUSED_N_VALUES] = { __VA_ARGS__ };                       \
    const T lr = (T) (rate * 2000 / (double) points);                       \
    T loss = 0;                                                             \
                                                                            \
    for (gint64 i = 0; i < points; i++)                                     \
      {                                                                     \
        x[i] = (T) (-G_PI + 2 * G_PI * (double) i / (double) (points - 1)); \
        y[i] = (T) sin ((double) x[i]);                                     \
      }                                                                     \
    for (gint64 t = 0; t < warm_up; t++)                                    \
      loss = step (points, x, y, coefficients, lr);                         \
    const Start start = start_now ();                                       \
    for (gint64 t = 0; t < steps; t++)                                      \
      loss = step (points, x, y, coefficients, lr);                         \
    report (start, steps, (double) loss, 0);                                \
  }

BENCH_FUSED (bench_cubic, float, fused_cubic_step, 1e-6, 0.1f, -0.2f, 0.3f, -0.4f)
BENCH_FUSED (bench_cubic_float64, double, fused_cubic_step_float64, 1e-6, 0.1, -0.2, 0.3, -0.4)
BENCH_FUSED (bench_legendre, float, fused_legendre_step, 5e-6, 0, -1, 0, 0.3f)
BENCH_FUSED (bench_dynamic, float, fused_dynamic_step, 1e-8, 0.1f, -0.2f, 0.3f, -0.4f, 0.1f)

static const struct
{
  const char *name;
  void (*bench) (gint64 points,
                 gint64 warm_up,
                 gint64 steps);
} by_hand[] = {
  { "fused", bench_cubic },
  { "fused64", bench_cubic_float64 },
  { "fused-legendre", bench_legendre },
  { "fused-dynamic", bench_dynamic },
};

/* The least that a step over many points can take. */
typedef struct
{
  const float *begin;
  const float *end;
  gint64 steps;
  float sum;
} Reader;

static gpointer
read_all (gpointer data)
{
  Reader *reader = data;

  for (gint64 t = 0; t < reader->steps; t++)
    {
      float lanes[64] = { 0 };

      for (const float *at = reader->begin; at + 64 <= reader->end; at += 64)
        for (gint l = 0; l < 64; l++)
          lanes[l] += at[l];
      for (gint l = 0; l < 64; l++)
        reader->sum += lanes[l];
    }
  return NULL;
}

static void
bench_read (gint64 points,
            gint64 steps,
            guint n_threads)
{
  const gint64 n = 2 * points;
  g_autofree float *elements = g_new (float, n);
  g_autofree Reader *readers = g_new0 (Reader, n_threads);
  g_autofree GThread **threads = g_new0 (GThread *, n_threads);
  float sum = 0;
  Start start;

  for (gint64 i = 0; i < n; i++)
    elements[i] = (float) i;
  start = start_now ();
  for (guint i = 0; i < n_threads; i++)
    {
      readers[i].begin = elements + n * i / n_threads;
      readers[i].end = elements + n * (i + 1) / n_threads;
      readers[i].steps = steps;
      threads[i] = g_thread_new ("read", read_all, &readers[i]);
    }
  for (guint i = 0; i < n_threads; i++)
    {
      g_thread_join (threads[i]);
      sum += readers[i].sum;
    }
  report (start, steps, sum, 0);
}

static void
stop_at (GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("step-bench: %s\n", error->message);
  exit (1);
}

/* Takes as many steps at a time as the trainer does. Returns the last loss. */
static double
take_steps (AgStepper *stepper,
            gint64 n_steps)
{
  double losses[256] = { 0 };
  gint64 n = 0;

  for (gint64 t = 0; t < n_steps; t += n)
    {
      GError *error = NULL;

      n = ag_stepper_take_many (stepper, MIN (n_steps - t, (gint64) G_N_ELEMENTS (losses)), losses,
                                &error);
      stop_at (error);
    }
  return losses[n - 1];
}

static void
bench_program (const AgProgramClass *klass,
               const AgOptimizerClass *algorithm,
               AgRounding rounding,
               gint64 points,
               gint64 warm_up,
               gint64 steps,
               guint n_threads)
{
  GError *error = NULL;
  AgRunSpec spec;
  double loss;

  ag_run_spec_init (&spec, klass);
  if (algorithm != NULL)
    ag_run_spec_set_optimizer (&spec, algorithm);
  AgDevice *device = ag_device_open ("cpu", n_threads, &error);
  stop_at (error);
  AgGraph *graph = ag_graph_new (device);
  ag_graph_enter (graph);
  spec.points = points;
  g_autoptr (AgData) data = ag_run_spec_data (&spec, NULL);
  AgProgram *program = ag_program_new (klass, spec.dtype, data, 0, &error);
  stop_at (error);
  ag_graph_set_rounding (graph, rounding);
  AgOptimizer *optimizer = ag_optimizer_new (spec.optimizer, program->model->n_tensors, program->model->tensors);
  for (guint i = 0; i < spec.optimizer->n_options; i++)
    ag_optimizer_set_option (optimizer, i, spec.options[i]);
  /* The sum of squares grows with the points; so must the rate shrink, or the
   * numbers become infinite and the time that of infinities. */
  ag_optimizer_set_lr (optimizer, spec.lr * 2000 / (double) points);

  AgStepper *stepper = ag_stepper_new (graph, program, optimizer);
  take_steps (stepper, warm_up);
  const long before = resident_kib ();
  const Start start = start_now ();
  loss = take_steps (stepper, steps);
  report (start, steps, loss, resident_kib () - before);

  ag_stepper_free (stepper);
  ag_optimizer_free (optimizer);
  ag_program_free (program);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
}

int
main (int argc,
      char **argv)
{
  if (argc < 5 || argc > 7)
    {
      g_printerr ("Usage: step-bench PROGRAM|FORMULA|fused[64|-legendre|-dynamic]|read POINTS STEPS THREADS "
                  "[OPTIMIZER|default [exact|fast]]\n");
      return 2;
    }

  const gint64 points = g_ascii_strtoll (argv[2], NULL, 10);
  const gint64 steps = g_ascii_strtoll (argv[3], NULL, 10);
  const guint n_threads = (guint) g_ascii_strtoull (argv[4], NULL, 10);
  const gint64 warm_up = CLAMP (G_GINT64_CONSTANT (10000000) / points, 2, 1000);

  if (g_str_equal (argv[1], "read"))
    {
      bench_read (points, steps, MAX (1, n_threads));
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (by_hand); i++)
    if (g_str_equal (argv[1], by_hand[i].name))
      {
        by_hand[i].bench (points, warm_up, steps);
        return 0;
      }

  const AgProgramClass *klass = ag_program_class_find (argv[1]);
  if (klass == NULL)
    klass = ag_formula_program_class (argv[1], NULL);
  const gboolean is_default = argc < 6 || g_str_equal (argv[5], "default");
  const AgOptimizerClass *algorithm = is_default ? NULL : ag_optimizer_class_find (argv[5]);
  const AgRounding rounding = argc > 6 && g_str_equal (argv[6], "fast") ? AG_ROUNDING_FAST
                                                                        : AG_ROUNDING_EXACT;
  if (klass == NULL || (!is_default && algorithm == NULL) || points < 2 || steps < 1)
    {
      g_printerr ("step-bench: there is no program “%s” or no such optimizer, or a number is too small\n",
                  argv[1]);
      return 2;
    }
  bench_program (klass, algorithm, rounding, points, warm_up, steps, n_threads);
  return 0;
}
