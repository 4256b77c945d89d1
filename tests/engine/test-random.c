/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "random-reference.h"

#include "base/random.h"

#include <string.h>

static void
assert_same_bits (const char *what,
                  guint64 seed,
                  const void *actual,
                  const void *expected,
                  gsize element_size,
                  guint n_elements)
{
  for (guint i = 0; i < n_elements; i++)
    {
      const char *a = (const char *) actual + i * element_size;
      const char *b = (const char *) expected + i * element_size;

      if (memcmp (a, b, element_size) == 0)
        continue;
      if (element_size == sizeof (float))
        g_error ("%s, seed %" G_GUINT64_FORMAT ", element %u: %a instead of %a", what, seed, i,
                 (double) *(const float *) a, (double) *(const float *) b);
      g_error ("%s, seed %" G_GUINT64_FORMAT ", element %u: %a instead of %a", what, seed, i,
               *(const double *) a, *(const double *) b);
    }
}

static void
check_normal (const char *what,
              AgGeneratorKind kind,
              AgDType dtype,
              guint n_rows,
              guint n_elements,
              guint n_at_once,
              const void *rows)
{
  gsize size = ag_dtype_size (dtype);
  g_autofree char *elements = g_malloc (n_elements * size);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (AgGenerator) generator = ag_generator_new (kind, seeds[i]);

      for (guint j = 0; j < n_elements; j += n_at_once)
        ag_generator_fill_normal (generator, dtype, n_at_once, elements + j * size);
      assert_same_bits (what, seeds[i], elements, (const char *) rows + i * n_elements * size,
                        size, n_elements);
    }
}

static void
check_uniform (const char *what,
               AgGeneratorKind kind,
               AgDType dtype,
               double low,
               double high,
               guint n_elements,
               const void *rows)
{
  gsize size = ag_dtype_size (dtype);
  g_autofree char *elements = g_malloc (n_elements * size);

  for (guint i = 0; i < G_N_ELEMENTS (seeds) && seeds[i] <= ag_generator_max_seed (kind); i++)
    {
      g_autoptr (AgGenerator) generator = ag_generator_new (kind, seeds[i]);

      ag_generator_fill_uniform (generator, dtype, low, high, n_elements, elements);
      assert_same_bits (what, seeds[i], elements, (const char *) rows + i * n_elements * size,
                        size, n_elements);
    }
}

static void
test_torch_randn (void)
{
  check_normal ("randn (())", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT32, 5, 5, 1, torch_randn_scalar);
  check_normal ("randn (5)", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT32, 5, 5, 5, torch_randn_scalar);
  check_normal ("randn (5) in double", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT64, 5, 5, 5,
                torch_randn_double);
}

static void
test_torch_randn_blocks (void)
{
  check_normal ("randn (40)", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT32, 5, 40, 40, torch_randn_block);
  check_normal ("randn (40) in double", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT64, 2, 40, 40,
                torch_randn_block_double);
}

static void
test_torch_uniform (void)
{
  double bound = 0x1.279a74590331cp-1;

  check_uniform ("rand", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT32, 0, 1, 5, torch_rand);
  check_uniform ("rand in double", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT64, 0, 1, 5,
                 torch_rand_double);
  check_uniform ("uniform", AG_GENERATOR_TORCH, AG_DTYPE_FLOAT32, -bound, bound, 4,
                 torch_uniform);
}

static void
test_numpy (void)
{
  check_normal ("numpy randn", AG_GENERATOR_NUMPY, AG_DTYPE_FLOAT64, 4, 5, 1, numpy_randn);
  check_uniform ("numpy rand", AG_GENERATOR_NUMPY, AG_DTYPE_FLOAT64, 0, 1, 3, numpy_rand);
}

static void
test_python (void)
{
  check_uniform ("random", AG_GENERATOR_PYTHON, AG_DTYPE_FLOAT64, 0, 1, 3, python_random);
  check_normal ("gauss", AG_GENERATOR_PYTHON, AG_DTYPE_FLOAT64, 5, 3, 1, python_gauss);
}

static void
test_randint (void)
{
  const gint64 wide = G_GINT64_CONSTANT (1000000000000);

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_PYTHON, seeds[i]);

      for (guint j = 0; j < 20; j++)
        g_assert_cmpint (ag_generator_randint (generator, 4, 6), ==, python_randint[i][j]);

      ag_generator_seed (generator, seeds[i]);
      for (guint j = 0; j < 3; j++)
        g_assert_cmpint (ag_generator_randint (generator, -wide, wide), ==,
                         python_randint_wide[i][j]);

      g_assert_cmpint (ag_generator_randint (generator, 7, 7), ==, 7);
    }
}

/* torch.randn ((), dtype=torch.float64), three times after each seed */
static const struct
{
  AgPyTorch pytorch;
  guint64 seed;
  double values[3];
} torch_randn_float64[] = {
  { AG_PYTORCH_1, 3, { 0x1.9b47008a2a7acp-1, 0x1.660f0cd30f451p-3, 0x1.6c744b8324fcfp-4 } },
  { AG_PYTORCH_1, 11, { 0x1.79aa9147c4958p-1, 0x1.f22869b64df1ep+0, -0x1.662a515e8feb8p-1 } },
  { AG_PYTORCH_2, 3, { 0x1.9b47008a2a7adp-1, 0x1.660f0cd30f452p-3, 0x1.6c744b8324fcfp-4 } },
  { AG_PYTORCH_2, 11, { 0x1.79aa9147c4958p-1, 0x1.f22869b64df1ep+0, -0x1.662a515e8feb7p-1 } },
};

static void
test_torch_randn_float64 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (torch_randn_float64); i++)
    {
      g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH,
                                                            torch_randn_float64[i].seed);
      double value;

      ag_generator_set_pytorch (generator, torch_randn_float64[i].pytorch);
      for (guint j = 0; j < 3; j++)
        {
          ag_generator_fill_normal (generator, AG_DTYPE_FLOAT64, 1, &value);
          g_assert_true (value == torch_randn_float64[i].values[j]);
        }
    }
}

static void
test_seed_clears_cache (void)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 1);
  float value;

  ag_generator_fill_normal (generator, AG_DTYPE_FLOAT32, 1, &value);
  ag_generator_seed (generator, 0);
  ag_generator_fill_normal (generator, AG_DTYPE_FLOAT32, 1, &value);
  g_assert_true (value == torch_randn_scalar[0][0]);
}

/* A block of normal numbers in between leaves the pair's second one alone. */
static void
test_cache_survives_blocks (void)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 0);
  float block[16];
  float value;

  ag_generator_fill_normal (generator, AG_DTYPE_FLOAT32, 1, &value);
  ag_generator_fill_normal (generator, AG_DTYPE_FLOAT32, 16, block);
  ag_generator_fill_normal (generator, AG_DTYPE_FLOAT32, 1, &value);
  g_assert_true (value == torch_randn_scalar[0][1]);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/random/torch/randn", test_torch_randn);
  g_test_add_func ("/random/torch/randn-float64", test_torch_randn_float64);
  g_test_add_func ("/random/torch/randn-blocks", test_torch_randn_blocks);
  g_test_add_func ("/random/torch/uniform", test_torch_uniform);
  g_test_add_func ("/random/numpy", test_numpy);
  g_test_add_func ("/random/python", test_python);
  g_test_add_func ("/random/randint", test_randint);
  g_test_add_func ("/random/seed-clears-cache", test_seed_clears_cache);
  g_test_add_func ("/random/cache-survives-blocks", test_cache_survives_blocks);

  return g_test_run ();
}
