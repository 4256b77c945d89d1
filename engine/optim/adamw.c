/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "optim/adam-private.h"

#include <glib/gi18n-lib.h>

/* AdamW: <https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html> */

static void
adamw_update (AgOptimizer *optimizer,
              guint index,
              AgTensor *parameter,
              AgTensor *grad)
{
  ag_adam_descend (optimizer, index, TRUE, parameter, grad);
}

static const AgOptimizerRule rules[] = {
  { "p", "p * (1 - lr * weight_decay)", "weight_decay" },
  AG_ADAM_RULES,
  { NULL },
};

const AgOptimizerClass ag_adamw_class = {
  .id = "adamw",
  .title = N_ ("AdamW"),
  .description = N_ ("Adam with a weight decay that shrinks the parameters themselves."),
  .lr = 1e-3,
  .n_options = AG_ADAM_N_OPTIONS,
  .options = AG_ADAM_OPTIONS (1e-2),
  .n_states = AG_ADAM_N_STATES,
  .states = AG_ADAM_STATES,
  .schedule = ag_adam_schedule,
  .rules = rules,
  .sources = "optim/adam.c",
  .update = adamw_update,
};
