/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/setting-choices.h"

#include "device/device.h"
#include "nn/loss.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <string.h>

/* The choices whose lists are not in the table of settings, since they are those of a registry or
 * are found out here. Where the field of a choice is no number, functions here say how it stands
 * in the specification. */

gboolean
ag_setting_nth_program (guint index,
                        AgChoice *choice)
{
  const AgProgramClass *program = ag_program_class_nth (index);

  if (program != NULL)
    *choice = (AgChoice){ program->id, program->title, program->description, TRUE };
  return program != NULL;
}

/* The one whose model is typed is another class for each text. */
guint
ag_setting_get_program (const AgRunSpec *spec)
{
  guint i = 0;

  while (strcmp (ag_program_class_nth (i)->id, spec->program->id) != 0)
    i++;
  return i;
}

gboolean
ag_setting_nth_loss (guint index,
                     AgChoice *choice)
{
  const AgLoss *loss;

  if (index >= AG_N_LOSSES)
    return FALSE;
  loss = ag_loss_find ((AgLossKind) index, TRUE);
  *choice = (AgChoice){ loss->id, loss->id, loss->name, TRUE };
  return TRUE;
}

guint
ag_setting_get_loss (const AgRunSpec *spec)
{
  return spec->loss->kind;
}

void
ag_setting_set_loss (AgRunSpec *spec,
                     guint index)
{
  spec->loss = ag_loss_find ((AgLossKind) index, spec->loss->is_mean);
}

guint
ag_setting_get_reduction (const AgRunSpec *spec)
{
  return spec->loss->is_mean;
}

void
ag_setting_set_reduction (AgRunSpec *spec,
                          guint index)
{
  spec->loss = ag_loss_find (spec->loss->kind, index != 0);
}

gboolean
ag_setting_nth_optimizer (guint index,
                          AgChoice *choice)
{
  const AgOptimizerClass *optimizer = ag_optimizer_class_nth (index);

  if (optimizer != NULL)
    *choice = (AgChoice){ optimizer->id, optimizer->title, optimizer->description, TRUE };
  return optimizer != NULL;
}

guint
ag_setting_get_optimizer (const AgRunSpec *spec)
{
  guint i = 0;

  while (ag_optimizer_class_nth (i) != spec->optimizer)
    i++;
  return i;
}

void
ag_setting_set_optimizer (AgRunSpec *spec,
                          guint index)
{
  ag_run_spec_set_optimizer (spec, ag_optimizer_class_nth (index));
}

gboolean
ag_setting_nth_dtype (guint index,
                      AgChoice *choice)
{
  if (index >= AG_N_DTYPES || !ag_dtype_is_float ((AgDType) index))
    return FALSE;
  *choice = (AgChoice){ .id = ag_dtype_name ((AgDType) index), .is_available = TRUE };
  choice->title = choice->id;
  return TRUE;
}

static GPtrArray *devices;

static void
list_devices (void)
{
  devices = ag_device_list ();
}

/* The devices that may be found, as choices while they are looked for. */
static gboolean
get_nth_possible_device (guint index,
                         AgChoice *choice)
{
  static const AgChoice possible[] = {
    { "cpu", "CPU", NULL, TRUE },
    { "cuda", "CUDA", N_ ("Is being looked for"), FALSE },
  };

  if (index >= G_N_ELEMENTS (possible))
    return FALSE;
  *choice = possible[index];
  return TRUE;
}

/* The list is made once, since looking for devices takes time. */
gboolean
ag_setting_nth_device (guint index,
                       AgChoice *choice)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  const AgDeviceInfo *info;

  if (ag_device_is_looked_for ())
    return get_nth_possible_device (index, choice);
  pthread_once (&once, list_devices);
  if (index >= devices->len)
    return FALSE;
  info = g_ptr_array_index (devices, index);
  *choice = (AgChoice){ info->id, strcmp (info->id, "cpu") == 0 ? "CPU" : "CUDA",
                        info->available ? info->title : info->reason, info->available };
  return TRUE;
}

guint
ag_setting_get_device (const AgRunSpec *spec)
{
  AgChoice choice;
  guint i = 0;

  while (strcmp (spec->device, "cpu") != 0 && ag_setting_nth_device (i, &choice)
         && strcmp (choice.id, spec->device) != 0)
    i++;
  return i;
}

void
ag_setting_set_device (AgRunSpec *spec,
                       guint index)
{
  AgChoice choice;

  if (ag_setting_nth_device (index, &choice))
    spec->device = g_intern_string (choice.id);
}
