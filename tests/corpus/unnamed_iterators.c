// Iterators and temporaries at the top of a function have no use left once their loops are kernels.
// mupac: --cpu-threshold 0
static double a[1000], b[1000];

static double twice(double x) { return 2 * x; }

void scale(void) {
  int i, j;
  double t;
  for (i = 0; i < 1000; i++)
    a[i] = i;
  for (j = 0; j < 1000; j++) {
    t = twice(a[j]);
    b[j] = t * t;
  }
}

/* One of these is still named. */
int count(void) {
  int first, last = 0;
  for (first = 0; first < 1000; first++)
    a[first] = b[first] + 1;
  return last;
}

int main(void) {
  scale();
  return count() + (a[3] > b[7]);
}
