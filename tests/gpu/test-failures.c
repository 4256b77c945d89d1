/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"
#include "train/setting.h"

#include <glib/gstdio.h>
#include <string.h>

/* A GPU that is not there, or fails: a sentence, whoever it is that is told. */

/* More than a device keeps pools of, so that memory of the last ones is given back
 * to the GPU at once. */
#define N_SIZES 70
#define N_ELEMENTS 100

static void
assert_sentence (const GError *error)
{
  g_assert_error (error, AG_ERROR, AG_ERROR_DEVICE);
  g_assert_true (g_ascii_isupper (*error->message));
  g_assert_true (g_str_has_suffix (error->message, "Use the device “cpu”."));
}

/* There is no GPU. The process remembers that, so that this runs in one of its own. */
static void
test_absent (void)
{
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) error = NULL;
  const AgDeviceInfo *info;

  if (!g_test_subprocess ())
    {
      g_setenv ("HOST_GPU_ABSENT", "it is in the other computer", TRUE);
      g_test_trap_subprocess (NULL, 0, 0);
      g_unsetenv ("HOST_GPU_ABSENT");
      g_test_trap_assert_passed ();
      return;
    }
  devices = ag_device_list ();
  info = g_ptr_array_index (devices, 1);
  g_assert_cmpstr (info->reason, ==, "it is in the other computer");
  g_assert_null (ag_device_open ("cuda", 1, &error));
  assert_sentence (error);
  g_assert_nonnull (strstr (error->message, info->reason));
}

/* Where there is one that cannot be opened, this time. */
static void
test_open (void)
{
  g_autoptr (GError) error = NULL;
  AgDevice *device;

  g_setenv ("HOST_GPU_OPENS", "0", TRUE);
  g_assert_null (ag_device_open ("cuda", 1, &error));
  g_unsetenv ("HOST_GPU_OPENS");
  assert_sentence (error);
  g_clear_error (&error);

  device = ag_device_open ("cuda", 1, &error);
  g_assert_no_error (error);
  ag_device_unref (device);
}

/* A GPU that fails while memory is given back, which steps that wait are launched
 * before: whoever asks for what these steps compute is told. */
static void
test_unasked (void)
{
  g_autoptr (GError) error = NULL;
  AgDevice *device;
  AgTensor *sizes[N_SIZES], *result;
  double values[N_ELEMENTS];
  AgGraph *graph;

  g_setenv ("HOST_GPU_LAUNCHES", "0", TRUE);
  device = ag_device_open ("cuda", 1, &error);
  g_unsetenv ("HOST_GPU_LAUNCHES");
  g_assert_no_error (error);
  graph = ag_graph_new (device);
  ag_graph_enter (graph);
  for (guint i = 0; i < N_SIZES; i++)
    {
      sizes[i] = ag_tensor_ref (ag_zeros (AG_DTYPE_FLOAT64, AG_SHAPE (1024 * (i + 1))));
      g_assert_true (ag_graph_end_step (graph, &error));
    }
  result = ag_tensor_ref (ag_exp (ag_linspace (AG_DTYPE_FLOAT64, 0, 1, N_ELEMENTS)));
  g_assert_true (ag_graph_end_step (graph, &error));
  for (guint i = 0; i < N_SIZES; i++)
    ag_tensor_unref (sizes[i]);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (ag_tensor_read (result, AG_DTYPE_FLOAT64, values, &error));
      assert_sentence (error);
      g_clear_error (&error);
    }
  ag_tensor_unref (result);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
}

/* Where looking takes time, on a thread. */
static void
test_looking (void)
{
  const AgSetting *setting = ag_setting_find (NULL, "device");
  g_autofree char *folder = NULL, *path = NULL;
  AgChoice choice;

  if (!g_test_subprocess ())
    {
      folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
      path = g_build_filename (folder, "now", NULL);
      g_setenv ("HOST_GPU_PROBE_WAITS_FOR", path, TRUE);
      g_test_trap_subprocess (NULL, 0, 0);
      g_unsetenv ("HOST_GPU_PROBE_WAITS_FOR");
      g_test_trap_assert_passed ();
      g_unlink (path);
      g_rmdir (folder);
      return;
    }
  g_assert_false (ag_device_is_looked_for ());
  ag_device_begin_to_look ();
  g_assert_true (ag_device_is_looked_for ());
  g_assert_true (ag_setting_nth_choice (setting, 0, &choice));
  g_assert_cmpstr (choice.id, ==, "cpu");
  g_assert_true (choice.is_available);
  g_assert_true (ag_setting_nth_choice (setting, 1, &choice));
  g_assert_cmpstr (choice.id, ==, "cuda");
  g_assert_false (choice.is_available);
  g_assert_nonnull (choice.description);
  g_assert_false (ag_setting_nth_choice (setting, 2, &choice));

  g_assert_true (g_file_set_contents (g_getenv ("HOST_GPU_PROBE_WAITS_FOR"), "", 0, NULL));
  g_ptr_array_unref (ag_device_list ());
  g_assert_false (ag_device_is_looked_for ());
  g_assert_true (ag_setting_nth_choice (setting, 1, &choice));
  g_assert_true (choice.is_available);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/failures/absent", test_absent);
  g_test_add_func ("/failures/looking", test_looking);
  g_test_add_func ("/failures/open", test_open);
  g_test_add_func ("/failures/unasked", test_unasked);
  return g_test_run ();
}
