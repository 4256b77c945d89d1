/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/gpu-mirror.h"

#include <string.h>

/* A GPU that copies when it is waited for, and counts how often that is. */
struct _AgGpu
{
  struct
  {
    void *target;
    const void *source;
    gsize n_bytes;
    gint mark;
  } copies[16];
  guint n_copies;
  guint n_waits;
};

static char *
fake_alloc (AgGpu *gpu,
            gsize n_bytes,
            void **data)
{
  *data = g_malloc0 (n_bytes);
  return NULL;
}

static void
fake_free (AgGpu *gpu,
           void *data)
{
  g_free (data);
}

static char *
fake_begin_copy_out (AgGpu *gpu,
                     void *target,
                     const void *source,
                     gsize n_bytes)
{
  g_assert_cmpuint (gpu->n_copies, <, G_N_ELEMENTS (gpu->copies));
  gpu->copies[gpu->n_copies].target = target;
  gpu->copies[gpu->n_copies].source = source;
  gpu->copies[gpu->n_copies].n_bytes = n_bytes;
  gpu->copies[gpu->n_copies++].mark = -1;
  return NULL;
}

static char *
fake_mark (AgGpu *gpu,
           guint which)
{
  for (guint i = 0; i < gpu->n_copies; i++)
    if (gpu->copies[i].mark < 0)
      gpu->copies[i].mark = (gint) which;
  return NULL;
}

static char *
fake_wait (AgGpu *gpu,
           guint which)
{
  guint n_left = 0;

  gpu->n_waits++;
  for (guint i = 0; i < gpu->n_copies; i++)
    if (gpu->copies[i].mark == (gint) which)
      memcpy (gpu->copies[i].target, gpu->copies[i].source, gpu->copies[i].n_bytes);
    else
      gpu->copies[n_left++] = gpu->copies[i];
  gpu->n_copies = n_left;
  return NULL;
}

static const AgGpuBackend backend = {
  .version = AG_GPU_BACKEND_VERSION,
  .alloc = fake_alloc,
  .free = fake_free,
  .alloc_host = fake_alloc,
  .free_host = fake_free,
  .begin_copy_out = fake_begin_copy_out,
  .mark = fake_mark,
  .wait = fake_wait,
};

static gint
read_value (AgGpuMirror *mirror,
            const void *data)
{
  gint value = 0;

  g_assert_null (ag_gpu_mirror_read (mirror, &value, data, sizeof value));
  return value;
}

/* A value of the launch before the last one is read without waiting for that. */
static void
test_lag (void)
{
  AgGpu gpu = { 0 };
  AgGpuMirror *mirror = ag_gpu_mirror_new (&backend, &gpu);
  void *old, *recent;

  g_assert_null (ag_gpu_mirror_alloc (mirror, &old));
  g_assert_null (ag_gpu_mirror_alloc (mirror, &recent));
  g_assert_true (ag_gpu_mirror_has (mirror, old));
  g_assert_false (ag_gpu_mirror_has (mirror, &gpu));
  g_assert_false (ag_gpu_mirror_is_fresh (mirror, old));

  *(gint *) old = 1;
  g_assert_null (ag_gpu_mirror_update (mirror));
  g_assert_true (ag_gpu_mirror_is_fresh (mirror, old));
  ag_gpu_mirror_touch (mirror, recent);
  g_assert_false (ag_gpu_mirror_is_fresh (mirror, recent));
  *(gint *) recent = 2;
  g_assert_null (ag_gpu_mirror_update (mirror));
  g_assert_cmpuint (gpu.n_waits, ==, 0);

  g_assert_cmpint (read_value (mirror, old), ==, 1);
  g_assert_cmpuint (gpu.n_waits, ==, 1);
  g_assert_cmpuint (gpu.n_copies, ==, 1);
  g_assert_cmpint (read_value (mirror, old), ==, 1);
  g_assert_cmpuint (gpu.n_waits, ==, 1);
  g_assert_cmpint (read_value (mirror, recent), ==, 2);
  g_assert_cmpuint (gpu.n_waits, ==, 2);

  /* The third is asked for where the first was, which has been waited for. */
  ag_gpu_mirror_touch (mirror, old);
  *(gint *) old = 3;
  g_assert_null (ag_gpu_mirror_update (mirror));
  g_assert_cmpuint (gpu.n_waits, ==, 2);
  g_assert_cmpint (read_value (mirror, recent), ==, 2);
  g_assert_cmpuint (gpu.n_waits, ==, 2);
  g_assert_cmpint (read_value (mirror, old), ==, 3);
  ag_gpu_mirror_free (mirror);
}

/* More values than one chunk has. */
static void
test_chunks (void)
{
  enum
  {
    N = 3000
  };
  AgGpu gpu = { 0 };
  AgGpuMirror *mirror = ag_gpu_mirror_new (&backend, &gpu);
  void *values[N];

  for (gint i = 0; i < N; i++)
    {
      g_assert_null (ag_gpu_mirror_alloc (mirror, &values[i]));
      *(gint *) values[i] = i;
    }
  g_assert_null (ag_gpu_mirror_update (mirror));
  for (gint i = 0; i < N; i++)
    g_assert_cmpint (read_value (mirror, values[i]), ==, i);
  g_assert_cmpuint (gpu.n_waits, ==, 1);
  ag_gpu_mirror_free (mirror);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mirror/lag", test_lag);
  g_test_add_func ("/mirror/chunks", test_chunks);
  return g_test_run ();
}
