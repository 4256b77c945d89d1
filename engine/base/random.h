/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"
#include "base/pytorch.h"

G_BEGIN_DECLS

/**
 * AgGeneratorKind:
 * @AG_GENERATOR_TORCH: PyTorch's CPU generator after `torch.manual_seed()`
 * @AG_GENERATOR_NUMPY: NumPy's legacy generator after `numpy.random.seed()`
 * @AG_GENERATOR_PYTHON: the module `random` after `random.seed()`
 *
 * Whose numbers a generator draws. All three are the Mersenne Twister; they
 * differ in how it is seeded and how its words become numbers.
 */
typedef enum
{
  AG_GENERATOR_TORCH,
  AG_GENERATOR_NUMPY,
  AG_GENERATOR_PYTHON,
} AgGeneratorKind;

typedef struct _AgGenerator AgGenerator;

AgGenerator *ag_generator_new (AgGeneratorKind kind,
                               guint64 seed);
void ag_generator_free (AgGenerator *generator);
gsize ag_generator_state_size (void);
void ag_generator_save (const AgGenerator *generator,
                        void *state);
void ag_generator_load (AgGenerator *generator,
                        const void *state);
guint64 ag_generator_max_seed (AgGeneratorKind kind);
void ag_generator_set_pytorch (AgGenerator *generator,
                               AgPyTorch pytorch);
void ag_generator_seed (AgGenerator *generator,
                        guint64 seed);
guint32 ag_generator_next32 (AgGenerator *generator);
double ag_generator_uniform (AgGenerator *generator);
gint64 ag_generator_randint (AgGenerator *generator,
                             gint64 low,
                             gint64 high);
void ag_generator_fill_uniform (AgGenerator *generator,
                                AgDType dtype,
                                double low,
                                double high,
                                gint64 n_elements,
                                void *elements);
void ag_generator_fill_normal (AgGenerator *generator,
                               AgDType dtype,
                               gint64 n_elements,
                               void *elements);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGenerator, ag_generator_free)

G_END_DECLS
