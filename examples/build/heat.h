/* Heat in a rod. */
void heat_step(int n, const double *u, double *v);
double heat_total(int n, const double *u);
