/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/setting.h"

#include <math.h>
#include <string.h>

static void
foreach_run (void (*func) (AgRunSpec *spec))
{
  for (guint p = 0; p < ag_program_n_classes (); p++)
    for (guint o = 0; o < ag_optimizer_n_classes (); o++)
      {
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_nth (p));
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (o));
        func (&spec);
      }
}

/* A row must be complete, and no other have its name. */
static void
check_rows (AgRunSpec *spec)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);
      AgChoice choice;

      g_assert_true (g_hash_table_add (ids, (gpointer) setting->id));
      g_assert_true (ag_setting_find (spec, setting->id) == setting);
      g_assert_true (setting->title != NULL && *setting->title != '\0');
      g_assert_true (setting->help != NULL || setting->group == AG_SETTING_OF_OPTIMIZER);
      if (setting->kind == AG_SETTING_CHOICE)
        g_assert_true (ag_setting_nth_choice (setting, 0, &choice));
      else if (setting->kind != AG_SETTING_TEXT && setting->kind != AG_SETTING_SEED)
        g_assert_cmpfloat (setting->minimum, <, setting->maximum);
    }
}

static void
test_rows (void)
{
  foreach_run (check_rows);
}

/* The defaults are a run, and each is the same again after it was written and read. */
static void
check_defaults (AgRunSpec *spec)
{
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);
      g_autofree char *written = ag_setting_write (setting, spec);
      g_autofree char *typed = ag_setting_format (setting, spec);
      g_autoptr (GError) error = NULL;
      AgRunSpec again = *spec;

      g_assert_true (ag_setting_check (setting, spec, &error));
      g_assert_no_error (error);
      g_assert_true (ag_setting_parse (setting, written, &again, &error));
      g_assert_no_error (error);
      if (setting->group != AG_SETTING_OF_PROGRAM)
        g_assert_true (ag_setting_is_equal (setting, spec, &again));
      g_assert_true (ag_setting_parse (setting, typed, &again, &error));
      g_assert_no_error (error);
      g_assert_true (ag_setting_find (&again, setting->id) != NULL);
    }
}

static void
test_defaults (void)
{
  foreach_run (check_defaults);
}

static void
set_number (const AgSetting *setting,
            double number,
            AgRunSpec *spec)
{
  g_autofree char *text = g_strdup_printf ("%.17g", number);

  ag_setting_parse (setting, text, spec, NULL);
}

/* What is beyond a limit is refused, when it is typed and when it is checked, and changes
 * nothing. */
static void
check_limits (AgRunSpec *spec)
{
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);
      g_autofree char *before = ag_setting_write (setting, spec);
      g_autofree char *after = NULL;

      if (setting->kind == AG_SETTING_TEXT)
        continue;
      g_assert_false (ag_setting_parse (setting, "nonsense", spec, NULL));
      if (setting->kind == AG_SETTING_NUMBER || setting->kind == AG_SETTING_COUNT)
        {
          set_number (setting, setting->minimum - 1, spec);
          set_number (setting, setting->maximum * 2, spec);
          if (setting->below_maximum)
            set_number (setting, setting->maximum, spec);
          if (setting->above_minimum)
            set_number (setting, setting->minimum, spec);
        }
      after = ag_setting_write (setting, spec);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
test_limits (void)
{
  foreach_run (check_limits);
}

/* Numbers are written in two ways: exactly, and as people do. */
static void
test_texts (void)
{
  static const struct
  {
    const char *id;
    const char *text;
    const char *typed;
    const char *written;
  } cases[] = {
    { "lr", "0.000001", "1e-6", "1e-06" },
    { "lr", "2", "2", "2.0" },
    { "steps", "1e3", "1000", "1000" },
    { "from", "-pi", "-π", "-3.141592653589793" },
    { "to", "1/2", "0.5", "0.5" },
    { "seed", " 18446744073709551615 ", "18446744073709551615", "18446744073709551615" },
    { "dtype", "float64", "float64", "float64" },
    { "nesterov", "true", "1", "1" },
    { "target", " x^2 ", "x^2", "x^2" },
    { "init", "b=1, a=-2e-3", "a=-0.002,b=1", "a=-0.002,b=1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const AgSetting *setting;
      g_autofree char *typed = NULL;
      g_autofree char *written = NULL;
      g_autoptr (GError) error = NULL;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
      setting = ag_setting_find (&spec, cases[i].id);
      ag_setting_parse (setting, cases[i].text, &spec, &error);
      g_assert_no_error (error);
      typed = ag_setting_format (setting, &spec);
      written = ag_setting_write (setting, &spec);
      g_assert_cmpstr (typed, ==, cases[i].typed);
      g_assert_cmpstr (written, ==, cases[i].written);
    }
}

/* A run under way can become what differs in nothing but what is live. */
static void
check_become (AgRunSpec *spec)
{
  AgRunSpec wanted = *spec;

  g_assert_true (ag_run_spec_can_become (spec, &wanted));
  wanted.lr /= 2;
  wanted.pace = 1;
  wanted.steps++;
  g_assert_true (ag_run_spec_can_become (spec, &wanted));
  g_assert_false (ag_run_spec_can_become (&wanted, spec));
  wanted.seed = 1;
  g_assert_false (ag_run_spec_can_become (spec, &wanted));
  wanted = *spec;
  if (spec->optimizer->n_options == 0)
    return;
  wanted.options[0] = spec->options[0] == 0.5 ? 0.25 : 0.5;
  g_assert_false (ag_run_spec_can_become (spec, &wanted));
}

static void
test_become (void)
{
  foreach_run (check_become);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setting/rows", test_rows);
  g_test_add_func ("/setting/defaults", test_defaults);
  g_test_add_func ("/setting/limits", test_limits);
  g_test_add_func ("/setting/texts", test_texts);
  g_test_add_func ("/setting/become", test_become);
  return g_test_run ();
}
