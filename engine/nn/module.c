/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/module.h"

/* Either a parameter or a child. */
typedef struct
{
  char *name;
  AgTensor *parameter;
  AgModule *child;
} Member;

static void
clear_member (gpointer data)
{
  Member *member = data;

  g_free (member->name);
  g_clear_pointer (&member->parameter, ag_tensor_unref);
  g_clear_pointer (&member->child, ag_module_unref);
}

static void
add_member (AgModule *module,
            const char *name,
            AgTensor *parameter,
            AgModule *child)
{
  Member member = { g_strdup (name), parameter, child };

  g_array_append_val (module->members, member);
}

/**
 * ag_module_new:
 * @klass: the kind of module; lives as long as the module
 *
 * For the constructors of modules.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.nn.Module.html>
 *
 * Returns: (transfer full): a module without parameters and children, the
 *   rest of its struct zero
 */
gpointer
ag_module_new (const AgModuleClass *klass)
{
  AgModule *module;

  g_return_val_if_fail (klass != NULL && klass->instance_size >= sizeof (AgModule), NULL);

  module = g_malloc0 (klass->instance_size);
  module->klass = klass;
  module->ref_count = 1;
  module->members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_array_set_clear_func (module->members, clear_member);
  return module;
}

/**
 * ag_module_ref:
 * @module: (type AgModule): a module
 *
 * Returns: (transfer full): @module, held once more
 */
gpointer
ag_module_ref (gpointer module)
{
  g_return_val_if_fail (module != NULL, NULL);

  ((AgModule *) module)->ref_count++;
  return module;
}

/**
 * ag_module_unref:
 * @module: (type AgModule) (transfer full): a module
 *
 * Drops a reference; with the last one the module goes, and lets go of its
 * parameters and children.
 */
void
ag_module_unref (gpointer module)
{
  AgModule *self = module;

  g_return_if_fail (self != NULL);

  if (--self->ref_count > 0)
    return;
  if (self->klass->finalize != NULL)
    self->klass->finalize (self);
  g_array_unref (self->members);
  g_free (self);
}

/**
 * ag_module_register_parameter:
 * @module: a module
 * @name: the parameter's name: "weight"
 * @parameter: (transfer none): the parameter, see ag_parameter_new(); held by
 *   @module from now on
 *
 * See:
 * <https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_parameter>
 */
void
ag_module_register_parameter (AgModule *module,
                              const char *name,
                              AgTensor *parameter)
{
  g_return_if_fail (module != NULL && name != NULL && parameter != NULL);

  add_member (module, name, ag_tensor_ref (parameter), NULL);
}

/**
 * ag_module_register_child:
 * @module: a module
 * @name: the child's name: "0"
 * @child: (transfer none): another module; held by @module from now on
 *
 * Makes the parameters of @child parameters of @module.
 *
 * See:
 * <https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.add_module>
 */
void
ag_module_register_child (AgModule *module,
                          const char *name,
                          AgModule *child)
{
  g_return_if_fail (module != NULL && name != NULL && child != NULL);

  add_member (module, name, NULL, ag_module_ref (child));
}

/**
 * ag_module_n_children:
 * @module: a module
 *
 * Returns: its number of children
 */
guint
ag_module_n_children (const AgModule *module)
{
  guint n = 0;

  g_return_val_if_fail (module != NULL, 0);

  for (guint i = 0; i < module->members->len; i++)
    n += g_array_index (module->members, Member, i).child != NULL;
  return n;
}

/**
 * ag_module_nth_child:
 * @module: a module
 * @index: which of its children, counted from 0
 *
 * Returns: (transfer none) (nullable): the child, %NULL if there are fewer
 */
AgModule *
ag_module_nth_child (const AgModule *module,
                     guint index)
{
  g_return_val_if_fail (module != NULL, NULL);

  for (guint i = 0; i < module->members->len; i++)
    {
      AgModule *child = g_array_index (module->members, Member, i).child;

      if (child != NULL && index-- == 0)
        return child;
    }
  return NULL;
}

/**
 * ag_module_forward:
 * @module: a module
 * @input: its input; which shapes it takes depends on the kind of module
 *
 * Records the module's output for an input, as a call of the module does in PyTorch.
 *
 * Returns: (transfer none): its output
 */
AgTensor *
ag_module_forward (AgModule *module,
                   AgTensor *input)
{
  g_return_val_if_fail (module != NULL && input != NULL, input);

  return module->klass->forward (module, input);
}

/**
 * ag_module_zero_grad:
 * @module: a module
 *
 * Forgets the gradients of all its parameters.
 *
 * See:
 * <https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.zero_grad>
 */
void
ag_module_zero_grad (AgModule *module)
{
  g_return_if_fail (module != NULL);

  for (guint i = 0; i < module->members->len; i++)
    {
      Member *member = &g_array_index (module->members, Member, i);

      if (member->child != NULL)
        ag_module_zero_grad (member->child);
      else
        ag_tensor_set_grad (member->parameter, NULL);
    }
}

/**
 * ag_module_n_parameters:
 * @module: a module
 *
 * Returns: the number of its parameter tensors, its children's included
 */
guint
ag_module_n_parameters (const AgModule *module)
{
  guint n = 0;

  g_return_val_if_fail (module != NULL, 0);

  for (guint i = 0; i < module->members->len; i++)
    {
      const Member *member = &g_array_index (module->members, Member, i);

      n += member->child != NULL ? ag_module_n_parameters (member->child) : 1;
    }
  return n;
}

static void
foreach_parameter (AgModule *module,
                   GString *name,
                   AgParameterFunc func,
                   gpointer user_data)
{
  gsize prefix_length = name->len;

  for (guint i = 0; i < module->members->len; i++)
    {
      Member *member = &g_array_index (module->members, Member, i);

      g_string_append (name, member->name);
      if (member->child != NULL)
        foreach_parameter (member->child, g_string_append_c (name, '.'), func, user_data);
      else
        func (name->str, member->parameter, user_data);
      g_string_truncate (name, prefix_length);
    }
}

/**
 * ag_module_foreach_parameter:
 * @module: a module
 * @func: (scope call): what to call
 * @user_data: what to call it with
 *
 * Calls @func with each parameter of @module and its children, in the order
 * and under the names of PyTorch's `named_parameters()`.
 *
 * See:
 * <https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.named_parameters>
 */
void
ag_module_foreach_parameter (AgModule *module,
                             AgParameterFunc func,
                             gpointer user_data)
{
  GString *name;

  g_return_if_fail (module != NULL && func != NULL);

  name = g_string_new (NULL);
  foreach_parameter (module, name, func, user_data);
  g_string_free (name, TRUE);
}
