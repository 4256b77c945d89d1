/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "device/gpu-backend.h"
#include "train/trainer.h"

#include <gmodule.h>
#include <string.h>

/* The module that was built loads, and says politely why it cannot be used. */

static const AgGpuBackend *
load (void)
{
  AgGpuBackendGet get = NULL;
  GModule *module = g_module_open (g_getenv ("CONVERGE_GPU_MODULE"),
                                   G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, AG_GPU_BACKEND_SYMBOL, (gpointer *) &get));
  return get ();
}

static void
test_loads (void)
{
  const AgGpuBackend *backend = load ();
  g_autofree char *title = NULL, *reason = NULL;

  g_assert_cmpuint (backend->version, ==, AG_GPU_BACKEND_VERSION);
  g_assert_cmpstr (backend->id, ==, "cuda");
  reason = backend->probe (&title);
  /* Either there is a GPU, with a name, or it is said why not. */
  g_assert_true ((reason == NULL) == (title != NULL));
}

/* By the module itself too: what goes wrong after the probe is a sentence. */
static void
test_open (void)
{
  const AgGpuBackend *backend = load ();
  g_autofree char *title = NULL, *reason = backend->probe (&title);
  AgGpu *gpu = NULL;

  if (reason == NULL)
    {
      g_test_skip ("there is a GPU");
      return;
    }
  g_assert_false (g_str_has_suffix (reason, "."));
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *problem = backend->open (&gpu);

      g_assert_nonnull (problem);
      g_assert_true (g_ascii_isupper (*problem));
      g_assert_true (g_str_has_suffix (problem, "Use the device “cpu”."));
      g_assert_null (gpu);
    }
}

static void
test_listed (void)
{
  g_autoptr (GPtrArray) devices = ag_device_list ();
  const AgDeviceInfo *info = g_ptr_array_index (devices, 1);

  g_assert_cmpuint (devices->len, ==, 2);
  g_assert_cmpstr (info->id, ==, "cuda");
  g_assert_true (info->available == (info->reason == NULL));
}

/* Asking for a GPU that is not there is an error, and the CPU goes on. */
static void
test_declines (void)
{
  g_autoptr (GPtrArray) devices = ag_device_list ();
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer;
  AgRunSpec spec;

  if (((const AgDeviceInfo *) g_ptr_array_index (devices, 1))->available)
    {
      g_test_skip ("there is a GPU");
      return;
    }
  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.steps = 10;
  spec.device = "cuda";
  g_assert_null (ag_trainer_new (&spec, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "Use the device “cpu”."));
  g_clear_error (&error);
  g_assert_null (ag_device_open ("cuda", 1, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_DEVICE);
  g_clear_error (&error);

  spec.device = "cpu";
  trainer = ag_trainer_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  ag_trainer_free (trainer);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/module/loads", test_loads);
  g_test_add_func ("/module/open", test_open);
  g_test_add_func ("/module/listed", test_listed);
  g_test_add_func ("/module/declines", test_declines);
  return g_test_run ();
}
