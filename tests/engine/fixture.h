/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"
#include "train/run.h"

/* The tests of the engine share these functions. A test that works with tensors begins with
 * fixture_enter() and ends with fixture_leave(). */

void fixture_enter (guint n_threads);
void fixture_leave (void);
void fixture_end_step (void);
void fixture_expect_error (AgError code,
                           ...) G_GNUC_NULL_TERMINATED;

AgTensor *fixture_tensor (AgDType dtype,
                          const AgLayout *shape,
                          const double *elements);
AgTensor *fixture_random (AgDType dtype,
                          const AgLayout *shape,
                          double low,
                          double high,
                          guint64 seed);
AgTensor *fixture_parameter (AgTensor *value);

double fixture_item (AgTensor *tensor);
double *fixture_read (AgTensor *tensor);
gboolean fixture_is_near (double actual,
                          double expected,
                          double tolerance);

void fixture_assert_same_moment (const AgMoment *have,
                                 const AgMoment *want);
void fixture_expect_valid (const AgRunSpec *spec);
void fixture_set (AgRunSpec *spec,
                  const char *id,
                  const char *text);
AgTrainer *fixture_trainer (const AgRunSpec *spec);
AgRun *fixture_run (const AgRunSpec *spec);
AgSnapshot fixture_wait_for (AgTrainer *trainer,
                             AgTrainerState state,
                             gint64 least_step);
AgSnapshot fixture_finish (AgTrainer *trainer);
void fixture_extend (AgTrainer *trainer,
                     gint64 n_steps);
double fixture_loss_at (AgTrainer *trainer,
                        gint64 step);
void fixture_assert_same_run (AgTrainer *trainer,
                              const AgSnapshot *have,
                              AgTrainer *reference,
                              const AgSnapshot *want);

#define fixture_assert_near(actual, expected, tolerance)                 \
  G_STMT_START                                                           \
  {                                                                      \
    const double a_ = (actual), e_ = (expected), t_ = (tolerance);       \
    if (!fixture_is_near (a_, e_, t_))                                   \
      fixture_fail (__FILE__, __LINE__, G_STRFUNC, #actual, a_, e_, t_); \
  }                                                                      \
  G_STMT_END

#define fixture_assert_elements(tensor, tolerance, ...)                             \
  G_STMT_START                                                                      \
  {                                                                                 \
    const double expected_[] = { __VA_ARGS__ };                                     \
    AgTensor *tensor_ = (tensor);                                                   \
    g_autofree double *elements_ = fixture_read (tensor_);                          \
    g_assert_cmpint (ag_tensor_n_elements (tensor_), ==, G_N_ELEMENTS (expected_)); \
    for (guint i_ = 0; i_ < G_N_ELEMENTS (expected_); i_++)                         \
      fixture_assert_near (elements_[i_], expected_[i_], tolerance);                \
  }                                                                                 \
  G_STMT_END

#define fixture_assert_shape(tensor, ...) \
  g_assert_true (ag_tensor_shape (tensor) == AG_SHAPE (__VA_ARGS__))

void fixture_fail (const char *file,
                   int line,
                   const char *function,
                   const char *expression,
                   double actual,
                   double expected,
                   double tolerance) G_GNUC_NORETURN;
