/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/setting-texts.h"

#include "base/setting-kind.h"
#include "data/expression.h"
#include "model/formula-model.h"

#include <math.h>

char *
ag_setting_format_model (const AgRunSpec *spec)
{
  const char *text = ag_formula_model_text (spec->program->model);

  return g_strdup (text != NULL ? text : "");
}

gboolean
ag_setting_parse_model (const char *text,
                        AgRunSpec *spec,
                        GError **error)
{
  return ag_run_spec_set_model (spec, text, error);
}

char *
ag_setting_format_device (const AgRunSpec *spec)
{
  return g_strdup (spec->device);
}

gboolean
ag_setting_parse_data (const char *text,
                       AgRunSpec *spec,
                       GError **error)
{
  return ag_run_spec_set_data (spec, text, error);
}

gboolean
ag_setting_parse_target (const char *text,
                         AgRunSpec *spec,
                         GError **error)
{
  return ag_run_spec_set_target (spec, text, error);
}

/* Ends of an interval are multiples of π more often than not. */
static char *
format_end (double x)
{
  static const AgSetting number = { .kind = AG_SETTING_NUMBER };

  if (fabs (x) == G_PI)
    return g_strdup (x < 0 ? "-π" : "π");
  return ag_setting_format_kind (&number, &x);
}

char *
ag_setting_format_from (const AgRunSpec *spec)
{
  return format_end (spec->from);
}

gboolean
ag_setting_parse_from (const char *text,
                       AgRunSpec *spec,
                       GError **error)
{
  return ag_expression_parse_number (text, &spec->from, error);
}

char *
ag_setting_format_to (const AgRunSpec *spec)
{
  return format_end (spec->to);
}

gboolean
ag_setting_parse_to (const char *text,
                     AgRunSpec *spec,
                     GError **error)
{
  return ag_expression_parse_number (text, &spec->to, error);
}

gboolean
ag_setting_parse_init (const char *text,
                       AgRunSpec *spec,
                       GError **error)
{
  return ag_run_spec_set_init (spec, text, error);
}

gboolean
ag_setting_parse_hold (const char *text,
                       AgRunSpec *spec,
                       GError **error)
{
  return ag_run_spec_set_hold (spec, text, error);
}

gboolean
ag_setting_parse_units (const char *text,
                        AgRunSpec *spec,
                        GError **error)
{
  return ag_run_spec_set_units (spec, text, error);
}
