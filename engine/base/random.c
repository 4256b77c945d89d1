/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/random.h"

#include <math.h>
#include <string.h>

#define MT_N 624
#define MT_M 397

/**
 * AgGenerator:
 * @kind: whose numbers it draws
 * @next: index of the word to draw next; %MT_N when all are used up
 * @pytorch: the version whose normal numbers it draws
 * @has_normal: whether @normal is there
 * @normal: the second number of the last pair of normal ones
 * @words: the state of the Mersenne Twister
 *
 * A random generator.
 */
struct _AgGenerator
{
  AgGeneratorKind kind;
  gint next;
  AgPyTorch pytorch;
  gboolean has_normal;
  double normal;
  guint32 words[MT_N];
};

/* The Mersenne Twister MT19937: Matsumoto and Nishimura, mt19937ar.c,
 * <http://www.math.sci.hiroshima-u.ac.jp/m-mat/MT/MT2002/emt19937ar.html> */

static void
init_genrand (AgGenerator *generator,
              guint32 seed)
{
  guint32 *words = generator->words;

  words[0] = seed;
  for (guint32 i = 1; i < MT_N; i++)
    words[i] = 1812433253u * (words[i - 1] ^ (words[i - 1] >> 30)) + i;
}

static void
init_by_array (AgGenerator *generator,
               const guint32 *key,
               guint32 n_keys)
{
  guint32 *words = generator->words;
  guint32 i = 1, j = 0;

  init_genrand (generator, 19650218u);
  for (guint32 k = MAX (MT_N, n_keys); k > 0; k--)
    {
      words[i] = (words[i] ^ ((words[i - 1] ^ (words[i - 1] >> 30)) * 1664525u)) + key[j] + j;
      if (++i == MT_N)
        {
          words[0] = words[MT_N - 1];
          i = 1;
        }
      if (++j == n_keys)
        j = 0;
    }
  for (guint32 k = MT_N - 1; k > 0; k--)
    {
      words[i] = (words[i] ^ ((words[i - 1] ^ (words[i - 1] >> 30)) * 1566083941u)) - i;
      if (++i == MT_N)
        {
          words[0] = words[MT_N - 1];
          i = 1;
        }
    }
  words[0] = 0x80000000u;
}

static void
twist (AgGenerator *generator)
{
  guint32 *words = generator->words;

  for (gint i = 0; i < MT_N; i++)
    {
      guint32 y = (words[i] & 0x80000000u) | (words[(i + 1) % MT_N] & 0x7fffffffu);

      words[i] = words[(i + MT_M) % MT_N] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908b0dfu : 0);
    }
  generator->next = 0;
}

/**
 * ag_generator_new:
 * @kind: whose numbers to draw
 * @seed: the seed
 *
 * Returns: (transfer full): a generator seeded as by ag_generator_seed()
 */
AgGenerator *
ag_generator_new (AgGeneratorKind kind,
                  guint64 seed)
{
  AgGenerator *generator = g_new0 (AgGenerator, 1);

  generator->kind = kind;
  generator->pytorch = AG_PYTORCH_2;
  ag_generator_seed (generator, seed);
  return generator;
}

/**
 * ag_generator_set_pytorch:
 * @generator: a generator
 * @pytorch: a version
 *
 * Lets a generator that draws PyTorch's numbers draw those of that version; without this
 * it is %AG_PYTORCH_2.
 */
void
ag_generator_set_pytorch (AgGenerator *generator,
                          AgPyTorch pytorch)
{
  generator->pytorch = pytorch;
}

/**
 * ag_generator_free:
 * @generator: (transfer full): a generator
 *
 * Frees a generator.
 */
void
ag_generator_free (AgGenerator *generator)
{
  g_free (generator);
}

/**
 * ag_generator_state_size:
 *
 * Returns: how many bytes the state of a generator has, of whatever kind
 */
gsize
ag_generator_state_size (void)
{
  return sizeof (AgGenerator);
}

/**
 * ag_generator_save:
 * @generator: a generator
 * @state: (out caller-allocates): room for ag_generator_state_size() bytes
 *
 * Notes where a generator is, as `torch.get_rng_state()` or `random.getstate()` do.
 */
void
ag_generator_save (const AgGenerator *generator,
                   void *state)
{
  memcpy (state, generator, sizeof (AgGenerator));
}

/**
 * ag_generator_load:
 * @generator: a generator
 * @state: what ag_generator_save() noted of one
 *
 * Lets a generator draw what that one drew from there on.
 */
void
ag_generator_load (AgGenerator *generator,
                   const void *state)
{
  memcpy (generator, state, sizeof (AgGenerator));
}

/**
 * ag_generator_max_seed:
 * @kind: whose numbers are drawn
 *
 * Returns: the greatest seed it takes; NumPy refuses what has more than 32 bits
 */
guint64
ag_generator_max_seed (AgGeneratorKind kind)
{
  return kind == AG_GENERATOR_NUMPY ? G_MAXUINT32 : G_MAXUINT64;
}

/**
 * ag_generator_seed:
 * @generator: a generator
 * @seed: the seed, at most ag_generator_max_seed(); PyTorch uses its low 32 bits,
 *   Python all of it
 *
 * Starts the generator anew, as `torch.manual_seed()`, `numpy.random.seed()`
 * or `random.seed()` does.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.manual_seed.html>,
 * <https://numpy.org/doc/stable/reference/random/generated/numpy.random.seed.html>,
 * <https://docs.python.org/3/library/random.html#random.seed>
 */
void
ag_generator_seed (AgGenerator *generator,
                   guint64 seed)
{
  guint32 key[2] = { (guint32) seed, (guint32) (seed >> 32) };

  g_return_if_fail (generator != NULL);
  g_return_if_fail (seed <= ag_generator_max_seed (generator->kind));

  if (generator->kind == AG_GENERATOR_PYTHON)
    init_by_array (generator, key, key[1] != 0 ? 2 : 1);
  else
    init_genrand (generator, key[0]);
  generator->next = MT_N;
  generator->has_normal = FALSE;
}

/**
 * ag_generator_next32:
 * @generator: a generator
 *
 * Returns: the next word of the Mersenne Twister
 */
guint32
ag_generator_next32 (AgGenerator *generator)
{
  guint32 y;

  if (generator->next == MT_N)
    twist (generator);
  y = generator->words[generator->next++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  y ^= y >> 18;
  return y;
}

/**
 * ag_generator_uniform:
 * @generator: a generator
 *
 * A number as `torch.rand ((), dtype=torch.float64)`, `numpy.random.rand()`
 * or `random.random()` draws it.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.rand.html>,
 * <https://docs.python.org/3/library/random.html#random.random>
 *
 * Returns: a number uniform in [0, 1), with 53 random bits
 */
double
ag_generator_uniform (AgGenerator *generator)
{
  guint64 first = ag_generator_next32 (generator);
  guint64 second = ag_generator_next32 (generator);

  if (generator->kind == AG_GENERATOR_TORCH)
    return (double) ((first << 32 | second) & ((G_GUINT64_CONSTANT (1) << 53) - 1)) * 0x1p-53;
  return ((double) (first >> 5) * 67108864.0 + (double) (second >> 6)) / 9007199254740992.0;
}

static guint64
random_bits (AgGenerator *generator,
             gint n_bits)
{
  guint64 bits = 0;

  for (gint shift = 0; shift < n_bits; shift += 32)
    {
      guint32 word = ag_generator_next32 (generator);

      if (n_bits - shift < 32)
        word >>= 32 - (n_bits - shift);
      bits |= (guint64) word << shift;
    }
  return bits;
}

/**
 * ag_generator_randint:
 * @generator: a generator
 * @low: the least number
 * @high: the greatest number, at least @low; at most 2⁶⁴ − 2 above it
 *
 * Draws a whole number as `random.randint()` does, whatever the generator's
 * kind: as many random bits as the count of numbers has, until they are below
 * that count.
 *
 * See: <https://docs.python.org/3/library/random.html#random.randint>
 *
 * Returns: a number from @low to @high, both included
 */
gint64
ag_generator_randint (AgGenerator *generator,
                      gint64 low,
                      gint64 high)
{
  guint64 n = (guint64) high - (guint64) low + 1;
  gint n_bits = 0;
  guint64 bits;

  g_return_val_if_fail (low <= high && n != 0, low);

  while (n_bits < 64 && n >> n_bits != 0)
    n_bits++;
  do
    bits = random_bits (generator, n_bits);
  while (bits >= n);
  return (gint64) ((guint64) low + bits);
}

static float
torch_uniform_float (AgGenerator *generator,
                     float low,
                     float high)
{
  double u = (double) (ag_generator_next32 (generator) & 0xffffff) * 0x1p-24;

  return (float) (u * (double) (high - low) + (double) low);
}

/**
 * ag_generator_fill_uniform:
 * @generator: a generator
 * @dtype: %AG_DTYPE_FLOAT32 or %AG_DTYPE_FLOAT64
 * @low: least value
 * @high: bound, which rounding may reach
 * @n_elements: number of elements
 * @elements: (out caller-allocates): room for them
 *
 * Draws numbers uniform in [@low, @high): PyTorch's as `uniform_()` does, with
 * 24 random bits for float32 and 53 for float64; NumPy's and Python's as
 * ag_generator_uniform(), scaled and then rounded to @dtype.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.Tensor.uniform_.html>
 */
void
ag_generator_fill_uniform (AgGenerator *generator,
                           AgDType dtype,
                           double low,
                           double high,
                           gint64 n_elements,
                           void *elements)
{
  g_return_if_fail (generator != NULL);
  g_return_if_fail (ag_dtype_is_float (dtype));

  for (gint64 i = 0; i < n_elements; i++)
    {
      if (generator->kind == AG_GENERATOR_TORCH && dtype == AG_DTYPE_FLOAT32)
        ((float *) elements)[i] = torch_uniform_float (generator, (float) low, (float) high);
      else if (generator->kind == AG_GENERATOR_TORCH)
        /* rounded once, as by the FMA instruction that PyTorch is built with */
        ((double *) elements)[i] = fma (ag_generator_uniform (generator), high - low, low);
      else if (dtype == AG_DTYPE_FLOAT64)
        ((double *) elements)[i] = ag_generator_uniform (generator) * (high - low) + low;
      else
        ((float *) elements)[i] = (float) (ag_generator_uniform (generator) * (high - low) + low);
    }
}

/* The versions differ in one unit of the last place of double precision. */
static double
torch_normal (AgGenerator *generator)
{
  double u1 = ag_generator_uniform (generator);
  double u2 = ag_generator_uniform (generator);
  double radius = sqrt (-2 * (generator->pytorch == AG_PYTORCH_1 ? log (1 - u2) : log1p (-u2)));
  double theta = 2 * G_PI * u1;

  generator->normal = radius * sin (theta);
  return radius * cos (theta);
}

static double
numpy_normal (AgGenerator *generator)
{
  double x1, x2, r2, f;

  do
    {
      x1 = 2 * ag_generator_uniform (generator) - 1;
      x2 = 2 * ag_generator_uniform (generator) - 1;
      r2 = x1 * x1 + x2 * x2;
    }
  while (r2 >= 1 || r2 == 0);
  f = sqrt (-2 * log (r2) / r2);

  generator->normal = f * x1;
  return f * x2;
}

static double
python_normal (AgGenerator *generator)
{
  double theta = ag_generator_uniform (generator) * (2 * G_PI);
  double radius = sqrt (-2 * log (1 - ag_generator_uniform (generator)));

  generator->normal = sin (theta) * radius;
  return cos (theta) * radius;
}

static double
next_normal (AgGenerator *generator)
{
  if (generator->has_normal)
    {
      generator->has_normal = FALSE;
      return generator->normal;
    }

  generator->has_normal = TRUE;
  switch (generator->kind)
    {
    case AG_GENERATOR_NUMPY:
      return numpy_normal (generator);
    case AG_GENERATOR_PYTHON:
      return python_normal (generator);
    case AG_GENERATOR_TORCH:
    default:
      return torch_normal (generator);
    }
}

static void
torch_normal_block_float (float *block)
{
  for (gint i = 0; i < 8; i++)
    {
      float radius = sqrtf (-2 * logf (1 - block[i]));
      float theta = (float) (2 * G_PI * (double) block[i + 8]);

      block[i] = radius * cosf (theta);
      block[i + 8] = radius * sinf (theta);
    }
}

static void
torch_normal_block_double (double *block)
{
  for (gint i = 0; i < 8; i++)
    {
      double radius = sqrt (-2 * log (1 - block[i]));
      double theta = 2 * G_PI * block[i + 8];

      block[i] = radius * cos (theta);
      block[i + 8] = radius * sin (theta);
    }
}

static void
torch_fill_normal_blocks (AgGenerator *generator,
                          AgDType dtype,
                          gint64 n_elements,
                          void *elements)
{
  gint64 tail = n_elements % 16 != 0 ? n_elements - 16 : n_elements;
  char *tail_elements = (char *) elements + (gsize) tail * ag_dtype_size (dtype);

  ag_generator_fill_uniform (generator, dtype, 0, 1, n_elements, elements);
  for (gint64 i = 0; i + 16 <= n_elements; i += 16)
    {
      if (dtype == AG_DTYPE_FLOAT32)
        torch_normal_block_float ((float *) elements + i);
      else
        torch_normal_block_double ((double *) elements + i);
    }
  if (tail == n_elements)
    return;

  ag_generator_fill_uniform (generator, dtype, 0, 1, 16, tail_elements);
  if (dtype == AG_DTYPE_FLOAT32)
    torch_normal_block_float ((float *) tail_elements);
  else
    torch_normal_block_double ((double *) tail_elements);
}

/**
 * ag_generator_fill_normal:
 * @generator: a generator
 * @dtype: %AG_DTYPE_FLOAT32 or %AG_DTYPE_FLOAT64
 * @n_elements: number of elements
 * @elements: (out caller-allocates): room for them
 *
 * Draws numbers from the standard normal distribution as `torch.randn()`,
 * `numpy.random.randn()` or `random.gauss()` does. From 16 elements on PyTorch
 * works in blocks, in @dtype's precision; its vectorised builds take their own
 * logarithm and cosine there, so the last bit can differ from theirs.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.randn.html>,
 * <https://numpy.org/doc/stable/reference/random/generated/numpy.random.randn.html>
 */
void
ag_generator_fill_normal (AgGenerator *generator,
                          AgDType dtype,
                          gint64 n_elements,
                          void *elements)
{
  g_return_if_fail (generator != NULL);
  g_return_if_fail (ag_dtype_is_float (dtype));

  if (generator->kind == AG_GENERATOR_TORCH && n_elements >= 16)
    {
      torch_fill_normal_blocks (generator, dtype, n_elements, elements);
      return;
    }

  for (gint64 i = 0; i < n_elements; i++)
    {
      double value = next_normal (generator);

      if (dtype == AG_DTYPE_FLOAT64)
        ((double *) elements)[i] = value;
      else
        ((float *) elements)[i] = (float) value;
    }
}
