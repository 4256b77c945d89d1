/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The eye of the scripts that work the application: they look many times a second, and this
 * takes some milliseconds.
 *
 *   look WIDTHxHEIGHT+X+Y          prints a number for what can be seen at that place
 *   look save FILE                 writes the whole screen as PNG
 *   look differ FILE OTHER         prints in how many pixels two such files differ */

static void
fail (const char *what)
{
  fprintf (stderr, "look: %s\n", what);
  exit (2);
}

static XImage *
get_image (Display *display,
           int x,
           int y,
           unsigned width,
           unsigned height)
{
  XImage *image = XGetImage (display, DefaultRootWindow (display), x, y, width, height, AllPlanes,
                             ZPixmap);

  if (image == NULL || image->bits_per_pixel != 32)
    fail ("the screen has no pixels of 32 bits");
  return image;
}

/* FNV-1a over the colours, without the byte that has no meaning. */
static unsigned long long
find_number (XImage *image)
{
  unsigned long long number = 14695981039346656037ULL;

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      {
        unsigned pixel;

        memcpy (&pixel, image->data + y * image->bytes_per_line + 4 * x, sizeof pixel);
        number = (number ^ (pixel & 0xffffff)) * 1099511628211ULL;
      }
  return number;
}

static void
look_at (Display *display,
         const char *place)
{
  int x, y;
  unsigned width, height;
  XImage *image;

  if (XParseGeometry (place, &x, &y, &width, &height) != (XValue | YValue | WidthValue | HeightValue))
    fail ("a place is WIDTHxHEIGHT+X+Y");
  image = get_image (display, x, y, width, height);
  printf ("%llu\n", find_number (image));
  XDestroyImage (image);
}

static void
save (Display *display,
      const char *path)
{
  const int screen = DefaultScreen (display);
  XImage *image = get_image (display, 0, 0, (unsigned) DisplayWidth (display, screen),
                             (unsigned) DisplayHeight (display, screen));
  cairo_surface_t *surface
    = cairo_image_surface_create_for_data ((unsigned char *) image->data, CAIRO_FORMAT_RGB24,
                                           image->width, image->height, image->bytes_per_line);

  if (cairo_surface_write_to_png (surface, path) != CAIRO_STATUS_SUCCESS)
    fail ("the picture cannot be written");
  cairo_surface_destroy (surface);
  XDestroyImage (image);
}

static cairo_surface_t *
read_picture (const char *path)
{
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    fail ("the picture cannot be read");
  return surface;
}

static void
count_differences (const char *path,
                   const char *other_path)
{
  cairo_surface_t *one = read_picture (path), *other = read_picture (other_path);
  const int width = cairo_image_surface_get_width (one);
  const int height = cairo_image_surface_get_height (one);
  const int stride = cairo_image_surface_get_stride (one);
  long n = 0;

  if (cairo_image_surface_get_width (other) != width
      || cairo_image_surface_get_height (other) != height
      || cairo_image_surface_get_stride (other) != stride)
    fail ("the pictures have different sizes");
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      n += memcmp (cairo_image_surface_get_data (one) + y * stride + 4 * x,
                   cairo_image_surface_get_data (other) + y * stride + 4 * x, 3)
           != 0;
  printf ("%ld\n", n);
  cairo_surface_destroy (one);
  cairo_surface_destroy (other);
}

int
main (int argc,
      char **argv)
{
  Display *display;

  if (argc == 4 && strcmp (argv[1], "differ") == 0)
    {
      count_differences (argv[2], argv[3]);
      return 0;
    }
  if (argc < 2)
    fail ("say what to look at");
  display = XOpenDisplay (NULL);
  if (display == NULL)
    fail ("there is no display");
  if (argc == 3 && strcmp (argv[1], "save") == 0)
    save (display, argv[2]);
  else
    look_at (display, argv[1]);
  XCloseDisplay (display);
  return 0;
}
