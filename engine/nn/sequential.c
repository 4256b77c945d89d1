/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/sequential.h"

/**
 * AgSequential:
 * @module: the module, which holds the children
 * @n_children: number of @children
 * @children: the children, in order
 *
 * Layers one after the other.
 */
typedef struct
{
  AgModule module;
  guint n_children;
  AgModule **children;
} AgSequential;

static AgTensor *
sequential_forward (AgModule *module,
                    AgTensor *input)
{
  AgSequential *self = (AgSequential *) module;

  for (guint i = 0; i < self->n_children; i++)
    input = ag_module_forward (self->children[i], input);
  return input;
}

static void
sequential_finalize (AgModule *module)
{
  AgSequential *self = (AgSequential *) module;

  g_free (self->children);
}

static const AgModuleClass sequential_class = {
  .name = "Sequential",
  .instance_size = sizeof (AgSequential),
  .forward = sequential_forward,
  .finalize = sequential_finalize,
};

/**
 * ag_sequential_new:
 * @n_children: number of @children
 * @children: (array length=n_children) (transfer full): the modules to apply
 *   one after the other; the array itself stays the caller's
 *
 * The modules become children with the names “0”, “1”, …; see
 * ag_module_nth_child().
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html>
 *
 * Returns: (transfer full): a module that gives each one's output to the next
 */
AgModule *
ag_sequential_new (guint n_children,
                   AgModule *const *children)
{
  AgSequential *self = ag_module_new (&sequential_class);

  self->n_children = n_children;
  self->children = g_new (AgModule *, n_children);
  for (guint i = 0; i < n_children; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      self->children[i] = children[i];
      ag_module_register_child (&self->module, name, children[i]);
      ag_module_unref (children[i]);
    }
  return &self->module;
}
