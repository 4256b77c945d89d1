/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE

#include "graph/graph.h"
#include "train/run-spec.h"
#include "train/stepper.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A steady step takes no memory: counted, not believed. This executable's own
 * malloc() comes before the C library's for everything it is linked to, and
 * counts each call before it passes it on. */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAVE_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAVE_SANITIZER 1
#endif
#endif

#if defined(__GLIBC__) && !defined(HAVE_SANITIZER)
#define CAN_COUNT 1
#else
#define CAN_COUNT 0
#endif

#define MAX_ROUNDS 10

static atomic_bool is_counting;
static atomic_int n_allocations;

#if CAN_COUNT
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

/* Steps are taken by the thread of the test and the device's helpers. The one that has loops
 * compiled works beside them and takes memory whenever its compiler is done. */
static gboolean
takes_steps (void)
{
  char name[16] = { 0 };

  if (gettid () == getpid ())
    return TRUE;
  prctl (PR_GET_NAME, name);
  return strcmp (name, "converge-cpu") == 0;
}

static void
count (void)
{
  if (atomic_load_explicit (&is_counting, memory_order_relaxed) && takes_steps ())
    atomic_fetch_add_explicit (&n_allocations, 1, memory_order_relaxed);
}

void *
malloc (size_t size)
{
  count ();
  return __libc_malloc (size);
}

void *
calloc (size_t n,
        size_t size)
{
  count ();
  return __libc_calloc (n, size);
}

void *
realloc (void *memory,
         size_t size)
{
  count ();
  return __libc_realloc (memory, size);
}

void *
aligned_alloc (size_t alignment,
               size_t size)
{
  count ();
  return __libc_memalign (alignment, size);
}

int
posix_memalign (void **memory,
                size_t alignment,
                size_t size)
{
  count ();
  *memory = __libc_memalign (alignment, size);
  return *memory == NULL ? 12 : 0;
}
#endif

typedef enum
{
  RECORDED,
  PLAYED,
  PLAYED_IN_ONE_GO,
  N_MANNERS
} Manner;

static void
take_steps (Manner manner,
            AgStepper *stepper,
            AgGraph *graph,
            AgProgram *program,
            AgOptimizer *optimizer,
            gint64 n_steps)
{
  gint64 n = 1;

  for (gint64 t = 0; t < n_steps; t += n)
    {
      g_autoptr (GError) error = NULL;
      double losses[64] = { 0 };
      AgTensor *loss = NULL;

      if (manner == PLAYED_IN_ONE_GO)
        {
          n = ag_stepper_take_many (stepper, MIN (64, n_steps - t), losses, &error);
        }
      else if (manner == PLAYED)
        {
          loss = ag_stepper_take (stepper, &error);
        }
      else
        {
          ag_optimizer_zero_grad (optimizer);
          loss = ag_tensor_ref (ag_program_step (program));
          ag_optimizer_step (optimizer);
          ag_graph_end_step (graph, &error);
        }
      g_assert_no_error (error);
      if (loss == NULL)
        continue;
      ag_tensor_item (loss, losses, &error);
      g_assert_no_error (error);
      ag_tensor_unref (loss);
    }
}

/* Whether a thread of this process has nothing to do; TRUE where that cannot be known. */
static gboolean
is_asleep (const char *thread)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%s/stat", thread);
  g_autofree char *stat = NULL;
  const char *state;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return TRUE;
  state = strrchr (stat, ')');
  return state == NULL || state[1] == '\0' || state[2] == 'S';
}

/* A helper takes memory once, when it begins, which may be late on a busy machine. */
static void
wait_for_helpers (void)
{
  g_autofree char *own = g_strdup_printf ("%d", (int) getpid ());
  gboolean is_waiting = TRUE;

  while (is_waiting)
    {
      g_autoptr (GDir) threads = g_dir_open ("/proc/self/task", 0, NULL);
      const char *thread;

      is_waiting = FALSE;
      while (threads != NULL && (thread = g_dir_read_name (threads)) != NULL)
        is_waiting |= strcmp (thread, own) != 0 && !is_asleep (thread);
      if (is_waiting)
        g_usleep (1000);
    }
}

static gint
count_in_steps (Manner manner,
                AgStepper *stepper,
                AgGraph *graph,
                AgProgram *program,
                AgOptimizer *optimizer,
                gint64 n_steps)
{
  wait_for_helpers ();
  atomic_store (&n_allocations, 0);
  atomic_store (&is_counting, TRUE);
  take_steps (manner, stepper, graph, program, optimizer, n_steps);
  atomic_store (&is_counting, FALSE);
  return atomic_load (&n_allocations);
}

/* Returns how much memory steady steps take. The first steps make plans and buffers, and so do a
 * few later ones: code may come that was being compiled, and how many steps are taken in one go
 * depends on the time that they take. The buffers are used again, so that there are steady steps
 * soon; steps that take memory each, or now and then, never become steady. */
static gint
count_when_steady (Manner manner,
                   AgStepper *stepper,
                   AgGraph *graph,
                   AgProgram *program,
                   AgOptimizer *optimizer)
{
  gint n_counted = 1;

  take_steps (manner, stepper, graph, program, optimizer, 100);
  for (guint i = 0; i < MAX_ROUNDS && n_counted > 0; i++)
    n_counted = count_in_steps (manner, stepper, graph, program, optimizer, 1000);
  return n_counted;
}

static gint
count_allocations (const AgProgramClass *klass,
                   const AgOptimizerClass *optimizer_class,
                   guint n_threads,
                   gint64 n_points)
{
  gint n_counted = 0;

  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, klass);
  if (optimizer_class != NULL)
    ag_run_spec_set_optimizer (&spec, optimizer_class);
  g_autoptr (AgDevice) device = ag_device_open ("cpu", n_threads, &error);
  g_assert_no_error (error);
  AgGraph *graph = ag_graph_new (device);
  ag_graph_enter (graph);
  spec.points = n_points;
  g_autoptr (AgData) data = ag_run_spec_data (&spec, NULL);
  AgProgram *program = ag_program_new (klass, spec.dtype, data, 0, &error);
  g_assert_no_error (error);
  AgOptimizer *optimizer = ag_optimizer_new (spec.optimizer, program->model->n_tensors, program->model->tensors);
  for (guint i = 0; i < spec.optimizer->n_options; i++)
    ag_optimizer_set_option (optimizer, i, spec.options[i]);
  ag_optimizer_set_lr (optimizer, 1e-9);

  for (Manner manner = RECORDED; manner < N_MANNERS; manner++)
    {
      AgStepper *stepper = ag_stepper_new (graph, program, optimizer);

      n_counted += count_when_steady (manner, stepper, graph, program, optimizer);
      ag_stepper_free (stepper);
    }

  ag_optimizer_free (optimizer);
  ag_program_free (program);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  return n_counted;
}

static gboolean
skip_maybe (void)
{
  if (!CAN_COUNT)
    g_test_skip ("allocations cannot be counted with this C library or sanitizer");
  return !CAN_COUNT;
}

static void
test_counter (void)
{
  if (skip_maybe ())
    return;
  atomic_store (&n_allocations, 0);
  atomic_store (&is_counting, TRUE);
  g_free (g_malloc (100));
  g_free (g_strdup ("in the library too"));
  atomic_store (&is_counting, FALSE);
  g_assert_cmpint (atomic_load (&n_allocations), ==, 2);
}

static void
test_programs (void)
{
  if (skip_maybe ())
    return;
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *klass = ag_program_class_nth (i);
      const gint n = count_allocations (klass, NULL, 1, 2000);

      g_test_message ("%s: %d allocations in steady steps", klass->id, n);
      g_assert_cmpint (n, ==, 0);
    }
}

static void
test_optimizers (void)
{
  if (skip_maybe ())
    return;
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      const AgOptimizerClass *klass = ag_optimizer_class_nth (i);
      const gint n = count_allocations (ag_program_class_find ("module"), klass, 1, 2000);

      g_test_message ("%s: %d allocations in steady steps", klass->id, n);
      g_assert_cmpint (n, ==, 0);
    }
}

static void
test_threads (void)
{
  if (skip_maybe ())
    return;
  g_assert_cmpint (count_allocations (ag_program_class_find ("autograd"), NULL, 2, 100000), ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocations/counter", test_counter);
  g_test_add_func ("/allocations/programs", test_programs);
  g_test_add_func ("/allocations/optimizers", test_optimizers);
  g_test_add_func ("/allocations/threads", test_threads);
  return g_test_run ();
}
