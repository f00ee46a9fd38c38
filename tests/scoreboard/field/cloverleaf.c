/* CloverLeaf's hydrodynamics with its kernels in C, as hydro.f90 calls them: cloverleaf CELLS STEPS.
   The problem is that of InputDecks/clover_bm_short.in on a square of CELLS x CELLS. */
#include <stdio.h>
#include <stdlib.h>

enum {
    DENSITY0 = 1, DENSITY1, ENERGY0, ENERGY1, PRESSURE, VISCOSITY, SOUNDSPEED, XVEL0, XVEL1, YVEL0, YVEL1,
    VOL_FLUX_X, VOL_FLUX_Y, MASS_FLUX_X, MASS_FLUX_Y, FIELDS = MASS_FLUX_Y
};

static int x_min = 1, x_max, y_min = 1, y_max;

static double *density0, *density1, *energy0, *energy1, *pressure, *viscosity, *soundspeed;
static double *xvel0, *xvel1, *yvel0, *yvel1, *vol_flux_x, *vol_flux_y, *mass_flux_x, *mass_flux_y;
static double *work1, *work2, *work3, *work4, *work5, *work6, *work7;
static double *cellx, *celly, *celldx, *celldy, *vertexx, *vertexy, *vertexdx, *vertexdy, *volume, *xarea, *yarea;

/* Makes a field of the cells with two more at each side, and `more_x` columns and `more_y` rows of vertices. */
static double *field(int more_x, int more_y) {
    return calloc((size_t)(x_max + 4 + more_x) * (y_max + 4 + more_y), sizeof(double));
}

static double *line(int count) {
    return calloc(count, sizeof(double));
}

static void build(void) {
    density0 = field(0, 0), density1 = field(0, 0), energy0 = field(0, 0), energy1 = field(0, 0);
    pressure = field(0, 0), viscosity = field(0, 0), soundspeed = field(0, 0);
    xvel0 = field(1, 1), xvel1 = field(1, 1), yvel0 = field(1, 1), yvel1 = field(1, 1);
    vol_flux_x = field(1, 0), mass_flux_x = field(1, 0), vol_flux_y = field(0, 1), mass_flux_y = field(0, 1);
    work1 = field(1, 1), work2 = field(1, 1), work3 = field(1, 1), work4 = field(1, 1);
    work5 = field(1, 1), work6 = field(1, 1), work7 = field(1, 1);
    cellx = line(x_max + 4), celldx = line(x_max + 4), vertexx = line(x_max + 5), vertexdx = line(x_max + 5);
    celly = line(y_max + 4), celldy = line(y_max + 4), vertexy = line(y_max + 5), vertexdy = line(y_max + 5);
    volume = field(0, 0), xarea = field(1, 0), yarea = field(0, 1);
}

static void destroy(void) {
    double *all[] = {density0,   density1,    energy0,     energy1, pressure, viscosity, soundspeed, xvel0,   xvel1,
                     yvel0,      yvel1,       vol_flux_x,  work1,   work2,    work3,     work4,      work5,   work6,
                     work7,      vol_flux_y,  mass_flux_x, cellx,   celly,    celldx,    celldy,     vertexx, vertexy,
                     vertexdx,   vertexdy,    volume,      xarea,   yarea,    mass_flux_y};
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i) free(all[i]);
}

static void initialise(void) {
    double low = 0, step_x = 10.0 / x_max, step_y = 10.0 / y_max;
    double density[] = {0.2, 1.0}, energy[] = {1.0, 2.5}, velocity[] = {0, 0}, radius[] = {0, 0};
    double left[] = {0, 0}, right[] = {0, 5}, bottom[] = {0, 0}, top[] = {0, 2};
    int states = 2, rectangle = 1, circle = 2, point = 3, geometry[] = {1, 1};
    initialise_chunk_kernel_c_(&x_min, &x_max, &y_min, &y_max, &low, &low, &step_x, &step_y, vertexx, vertexdx, vertexy,
                               vertexdy, cellx, celldx, celly, celldy, volume, xarea, yarea);
    generate_chunk_kernel_c_(&x_min, &x_max, &y_min, &y_max, vertexx, vertexy, cellx, celly, density0, energy0, xvel0,
                             yvel0, &states, density, energy, velocity, velocity, left, right, bottom, top, radius,
                             geometry, &rectangle, &circle, &point);
}

/* Sets the cells outside of the square of the `count` fields that `which` names. */
static void update_halo(int depth, int count, const int *which) {
    int outside[] = {-1, -1, -1, -1}, fields[FIELDS] = {0};
    for (int i = 0; i < count; ++i) fields[which[i] - 1] = 1;
    update_halo_kernel_c_(&x_min, &x_max, &y_min, &y_max, outside, outside, density0, energy0, pressure, viscosity,
                          soundspeed, density1, energy1, xvel0, yvel0, xvel1, yvel1, vol_flux_x, vol_flux_y, mass_flux_x,
                          mass_flux_y, fields, &depth);
}

static double timestep(double before) {
    double small = 1e-16, big = 1e21, least = 1e-7, safe_c = 0.7, safe_u = 0.5, safe_v = 0.5, safe_div = 0.7;
    double dt = big, x = 0, y = 0;
    int control = 0, column = 0, row = 0, is_small = 0;
    int moving[] = {PRESSURE, ENERGY0, DENSITY0, XVEL0, YVEL0}, viscous[] = {VISCOSITY};
    ideal_gas_kernel_c_(&x_min, &x_max, &y_min, &y_max, density0, energy0, pressure, soundspeed);
    update_halo(1, 5, moving);
    viscosity_kernel_c_(&x_min, &x_max, &y_min, &y_max, celldx, celldy, density0, pressure, viscosity, xvel0, yvel0);
    update_halo(1, 1, viscous);
    calc_dt_kernel_c_(&x_min, &x_max, &y_min, &y_max, &small, &big, &least, &safe_c, &safe_u, &safe_v, &safe_div, xarea,
                      yarea, cellx, celly, celldx, celldy, volume, density0, energy0, pressure, viscosity, soundspeed,
                      xvel0, yvel0, work1, &dt, &control, &x, &y, &column, &row, &is_small);
    if (dt > before * 1.5) dt = before * 1.5;
    return dt > 0.04 ? 0.04 : dt;
}

static void change_energy(int corrects, double dt) {
    int halo[] = {PRESSURE};
    pdv_kernel_c_(&corrects, &x_min, &x_max, &y_min, &y_max, &dt, xarea, yarea, volume, density0, density1, energy0,
                  energy1, pressure, viscosity, xvel0, xvel1, yvel0, yvel1, work1);
    if (corrects) return;
    ideal_gas_kernel_c_(&x_min, &x_max, &y_min, &y_max, density1, energy1, pressure, soundspeed);
    update_halo(1, 1, halo);
    revert_kernel_c_(&x_min, &x_max, &y_min, &y_max, density0, density1, energy0, energy1);
}

static void sweep(int number, int direction) {
    int halo[] = {DENSITY1, ENERGY1, XVEL1, YVEL1, MASS_FLUX_X, MASS_FLUX_Y};
    advec_cell_kernel_c_(&x_min, &x_max, &y_min, &y_max, &direction, &number, vertexdx, vertexdy, volume, density1,
                         energy1, mass_flux_x, vol_flux_x, mass_flux_y, vol_flux_y, work1, work2, work3, work4, work5,
                         work6, work7);
    update_halo(2, 6, halo);
    for (int which = 1; which <= 2; ++which)
        advec_mom_kernel_c_(&x_min, &x_max, &y_min, &y_max, which == 1 ? xvel1 : yvel1, mass_flux_x, vol_flux_x,
                            mass_flux_y, vol_flux_y, volume, density1, work1, work2, work3, work4, work5, work6, celldx,
                            celldy, &which, &number, &direction);
}

static void summarise(int step) {
    double space = 0, mass = 0, internal = 0, kinetic = 0, pressed = 0;
    ideal_gas_kernel_c_(&x_min, &x_max, &y_min, &y_max, density0, energy0, pressure, soundspeed);
    field_summary_kernel_c_(&x_min, &x_max, &y_min, &y_max, volume, density0, energy0, pressure, xvel0, yvel0, &space,
                            &mass, &internal, &kinetic, &pressed);
    printf("step %d: volume %.6e mass %.6e density %.6e pressure %.6e internal %.6e kinetic %.6e total %.6e\n", step, space,
           mass, mass / space, pressed / space, internal, kinetic, internal + kinetic);
}

int main(int argc, char **argv) {
    int cells = argc > 1 ? atoi(argv[1]) : 960, steps = argc > 2 ? atoi(argv[2]) : 20;
    int all[] = {DENSITY0, ENERGY0, PRESSURE, VISCOSITY, DENSITY1, ENERGY1, XVEL0, YVEL0, XVEL1, YVEL1};
    int halo[] = {ENERGY1, DENSITY1, VOL_FLUX_X, VOL_FLUX_Y};
    double dt = 0.04;
    x_max = y_max = cells;
    build();
    initialise();
    ideal_gas_kernel_c_(&x_min, &x_max, &y_min, &y_max, density0, energy0, pressure, soundspeed);
    update_halo(2, 10, all);
    summarise(0);
    for (int step = 1; step <= steps; ++step) {
        dt = timestep(dt);
        change_energy(0, dt);
        accelerate_kernel_c_(&x_min, &x_max, &y_min, &y_max, &dt, xarea, yarea, volume, density0, pressure, viscosity,
                             xvel0, yvel0, xvel1, yvel1);
        change_energy(1, dt);
        flux_calc_kernel_c_(&x_min, &x_max, &y_min, &y_max, &dt, xarea, yarea, xvel0, yvel0, xvel1, yvel1, vol_flux_x,
                            vol_flux_y);
        update_halo(2, 4, halo);
        sweep(1, step % 2 ? 1 : 2);
        sweep(2, step % 2 ? 2 : 1);
        reset_field_kernel_c_(&x_min, &x_max, &y_min, &y_max, density0, density1, energy0, energy1, xvel0, xvel1, yvel0,
                              yvel1);
        if (step % 10 == 0 || step == steps) summarise(step);
    }
    destroy();
    return 0;
}
