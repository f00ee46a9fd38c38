#include <stdio.h>
#include <stdlib.h>
#include <math.h>

typedef struct { unsigned char r, g, b; } Pixel;
typedef struct { int width, height; Pixel *pixels; } Image;

Image create_image(int w, int h) {
    Image img;
    img.width = w;
    img.height = h;
    img.pixels = malloc(w * h * sizeof(Pixel));
    return img;
}

void grayscale(Image *img) {
    for (int y = 0; y < img->height; y++) {
        for (int x = 0; x < img->width; x++) {
            Pixel *p = &img->pixels[y * img->width + x];
            unsigned char gray = (unsigned char)(0.299 * p->r + 0.587 * p->g + 0.114 * p->b);
            p->r = p->g = p->b = gray;
        }
    }
}

void box_blur(const Image *src, Image *dst, int radius) {
    for (int y = 0; y < src->height; y++) {
        for (int x = 0; x < src->width; x++) {
            int r = 0, g = 0, b = 0, count = 0;
            for (int dy = -radius; dy <= radius; dy++) {
                for (int dx = -radius; dx <= radius; dx++) {
                    int ny = y + dy, nx = x + dx;
                    if (ny >= 0 && ny < src->height && nx >= 0 && nx < src->width) {
                        Pixel p = src->pixels[ny * src->width + nx];
                        r += p.r; g += p.g; b += p.b;
                        count++;
                    }
                }
            }
            Pixel out = { r / count, g / count, b / count };
            dst->pixels[y * dst->width + x] = out;
        }
    }
}

void flip_horizontal(Image *img) {
    for (int y = 0; y < img->height; y++)
        for (int x = 0; x < img->width / 2; x++) {
            Pixel tmp = img->pixels[y * img->width + x];
            img->pixels[y * img->width + x] = img->pixels[y * img->width + (img->width - 1 - x)];
            img->pixels[y * img->width + (img->width - 1 - x)] = tmp;
        }
}

int main(void) {
    Image a = create_image(1024, 768), b = create_image(1024, 768);
    for (int i = 0; i < a.width * a.height; i++) {
        a.pixels[i].r = i % 256;
        a.pixels[i].g = (i / 3) % 256;
        a.pixels[i].b = (i * 7) % 256;
    }
    grayscale(&a);
    box_blur(&a, &b, 3);
    flip_horizontal(&b);
    unsigned long checksum = 0;
    for (int i = 0; i < b.width * b.height; i++)
        checksum += b.pixels[i].r + b.pixels[i].g + b.pixels[i].b;
    printf("%lu\n", checksum);
    free(a.pixels);
    free(b.pixels);
    return 0;
}
