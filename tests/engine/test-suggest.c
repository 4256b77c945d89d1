/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/suggest.h"

static const char *const programs[] = {
  "numpy",
  "tensors",
  "autograd",
  "legendre",
  "nn",
  "optim",
  "module",
  "dynamic",
  NULL,
};

static const char *const optimizers[] = { "sgd", "adam", "adamw", "adadelta", NULL };

static const char *const options[] = {
  "--learning-rate",
  "--momentum",
  "--steps",
  "--seed",
  "--points",
  "--program",
  NULL,
};

static void
test_mistakes (void)
{
  g_assert_cmpstr (ag_suggest ("autograd", programs), ==, "autograd");
  g_assert_cmpstr (ag_suggest ("autogard", programs), ==, "autograd");
  g_assert_cmpstr (ag_suggest ("autogrd", programs), ==, "autograd");
  g_assert_cmpstr (ag_suggest ("auttograd", programs), ==, "autograd");
  g_assert_cmpstr (ag_suggest ("outograd", programs), ==, "autograd");
  g_assert_cmpstr (ag_suggest ("AUTOGRAD", programs), ==, "autograd");
  g_assert_cmpstr (ag_suggest ("legandre", programs), ==, "legendre");
  g_assert_cmpstr (ag_suggest ("tensor", programs), ==, "tensors");
  g_assert_cmpstr (ag_suggest ("modul", programs), ==, "module");
  /* Two neighbours swapped are one mistake: two would be too many here. */
  g_assert_cmpstr (ag_suggest ("adma", optimizers), ==, "adam");
  g_assert_null (ag_suggest ("dm", optimizers));
  g_assert_cmpstr (ag_suggest ("--momentun", options), ==, "--momentum");
  g_assert_cmpstr (ag_suggest ("--learning_rate", options), ==, "--learning-rate");
  g_assert_cmpstr (ag_suggest ("--step", options), ==, "--steps");
}

static void
test_beginnings (void)
{
  g_assert_cmpstr (ag_suggest ("dyn", programs), ==, "dynamic");
  g_assert_cmpstr (ag_suggest ("l", programs), ==, "legendre");
  g_assert_cmpstr (ag_suggest ("--lear", options), ==, "--learning-rate");
  /* Two options are equally near, so that neither was surely meant. */
  g_assert_null (ag_suggest ("--p", options));
}

static void
test_nothing (void)
{
  static const char *const none[] = { NULL };
  g_autofree char *endless = g_strnfill (10000, 'a');
  g_autofree char *long_name = g_strnfill (63, 'b');
  g_autofree char *too_long = g_strnfill (64, 'b');
  const char *const long_names[] = { too_long, long_name, NULL };

  g_assert_null (ag_suggest ("", programs));
  g_assert_null (ag_suggest ("zebra", programs));
  g_assert_null (ag_suggest ("xy", programs));
  g_assert_null (ag_suggest (endless, programs));
  g_assert_null (ag_suggest ("nn", none));
  g_assert_true (ag_suggest (long_name, long_names) == long_name);
  g_assert_null (ag_suggest (too_long, long_names));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/suggest/mistakes", test_mistakes);
  g_test_add_func ("/suggest/beginnings", test_beginnings);
  g_test_add_func ("/suggest/nothing", test_nothing);

  return g_test_run ();
}
