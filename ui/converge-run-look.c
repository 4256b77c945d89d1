/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-look.h"

#include <string.h>

/**
 * ConvergeRunLookPrivate:
 * @id: tells it from every other one
 * @name: what people call it
 * @color: index of its colour, or %CONVERGE_RUN_NO_COLOR
 * @is_shown: whether plots draw it beside the one that is selected
 * @is_pinned: whether it stands above those that are not
 *
 * How a run looks among others, whatever it does.
 */
typedef struct
{
  guint64 id;
  char *name;
  guint color;
  gboolean is_shown;
  gboolean is_pinned;
} ConvergeRunLookPrivate;

enum
{
  PROP_0,
  PROP_NAME,
  PROP_COLOR,
  PROP_SHOWN,
  PROP_PINNED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_TYPE_WITH_PRIVATE (ConvergeRunLook, converge_run_look, G_TYPE_OBJECT)

static void
converge_run_look_finalize (GObject *object)
{
  ConvergeRunLook *self = CONVERGE_RUN_LOOK (object);
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);

  g_free (priv->name);
  G_OBJECT_CLASS (converge_run_look_parent_class)->finalize (object);
}

static void
converge_run_look_get_property (GObject *object,
                                guint id,
                                GValue *value,
                                GParamSpec *pspec)
{
  ConvergeRunLook *self = CONVERGE_RUN_LOOK (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, converge_run_look_get_name (self));
      break;
    case PROP_COLOR:
      g_value_set_uint (value, converge_run_look_get_color (self));
      break;
    case PROP_SHOWN:
      g_value_set_boolean (value, converge_run_look_get_shown (self));
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, converge_run_look_get_pinned (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_run_look_set_property (GObject *object,
                                guint id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  ConvergeRunLook *self = CONVERGE_RUN_LOOK (object);

  switch (id)
    {
    case PROP_NAME:
      converge_run_look_set_name (self, g_value_get_string (value));
      break;
    case PROP_COLOR:
      converge_run_look_set_color (self, g_value_get_uint (value));
      break;
    case PROP_SHOWN:
      converge_run_look_set_shown (self, g_value_get_boolean (value));
      break;
    case PROP_PINNED:
      converge_run_look_set_pinned (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_run_look_class_init (ConvergeRunLookClass *klass)
{
  const GParamFlags flags
    = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = converge_run_look_get_property;
  object_class->set_property = converge_run_look_set_property;
  object_class->finalize = converge_run_look_finalize;

  /**
   * ConvergeRunLook:name:
   *
   * What people call it.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  /**
   * ConvergeRunLook:color:
   *
   * Index of the colour that it has in every plot, or %CONVERGE_RUN_NO_COLOR.
   */
  properties[PROP_COLOR]
    = g_param_spec_uint ("color", NULL, NULL, 0, G_MAXUINT, CONVERGE_RUN_NO_COLOR, flags);
  /**
   * ConvergeRunLook:shown:
   *
   * Whether plots draw it while another one is selected.
   */
  properties[PROP_SHOWN] = g_param_spec_boolean ("shown", NULL, NULL, TRUE, flags);
  /**
   * ConvergeRunLook:pinned:
   *
   * Whether it stands above those that are not.
   */
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
converge_run_look_init (ConvergeRunLook *self)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  static guint64 last_id = 0;

  priv->id = ++last_id;
  priv->name = g_strdup ("");
  priv->color = CONVERGE_RUN_NO_COLOR;
  priv->is_shown = TRUE;
}

/**
 * converge_run_look_get_id:
 * @self: how a run looks
 *
 * Returns: what tells it from every other run that there ever was in this process
 */
guint64
converge_run_look_get_id (ConvergeRunLook *self)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  return priv->id;
}

/**
 * converge_run_look_get_name:
 * @self: how a run looks
 *
 * Returns: (transfer none): what people call it
 */
const char *
converge_run_look_get_name (ConvergeRunLook *self)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  return priv->name;
}

/**
 * converge_run_look_set_name:
 * @self: how a run looks
 * @name: what to call it; without a letter in it nothing changes
 */
void
converge_run_look_set_name (ConvergeRunLook *self,
                            const char *name)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  if (*stripped == '\0' || strcmp (stripped, priv->name) == 0)
    return;
  g_free (priv->name);
  priv->name = g_steal_pointer (&stripped);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * converge_run_look_get_color:
 * @self: how a run looks
 *
 * Returns: index of the colour that it has in every plot, or %CONVERGE_RUN_NO_COLOR where
 *   it has got none so far
 */
guint
converge_run_look_get_color (ConvergeRunLook *self)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  return priv->color;
}

/**
 * converge_run_look_set_color:
 * @self: how a run looks
 * @color: index of a colour
 */
void
converge_run_look_set_color (ConvergeRunLook *self,
                             guint color)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  if (color == priv->color)
    return;
  priv->color = color;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLOR]);
}

/**
 * converge_run_look_get_shown:
 * @self: how a run looks
 *
 * Returns: whether plots draw it while another one is selected
 */
gboolean
converge_run_look_get_shown (ConvergeRunLook *self)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  return priv->is_shown;
}

/**
 * converge_run_look_set_shown:
 * @self: how a run looks
 * @is_shown: whether plots are to draw it while another one is selected
 */
void
converge_run_look_set_shown (ConvergeRunLook *self,
                             gboolean is_shown)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  if (is_shown == priv->is_shown)
    return;
  priv->is_shown = is_shown;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}

/**
 * converge_run_look_get_pinned:
 * @self: how a run looks
 *
 * Returns: whether it stands above those that are not
 */
gboolean
converge_run_look_get_pinned (ConvergeRunLook *self)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  return priv->is_pinned;
}

/**
 * converge_run_look_set_pinned:
 * @self: how a run looks
 * @is_pinned: whether it is to stand above those that are not
 */
void
converge_run_look_set_pinned (ConvergeRunLook *self,
                              gboolean is_pinned)
{
  ConvergeRunLookPrivate *priv = converge_run_look_get_instance_private (self);
  if (is_pinned == priv->is_pinned)
    return;
  priv->is_pinned = is_pinned;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINNED]);
}
