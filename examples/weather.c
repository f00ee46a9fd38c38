/*
 * A small weather desk: reads station reports from standard input where there are any, else makes some up;
 * spreads them over a grid, smooths the field, drifts it with the wind, and prints maps and statistics.
 *
 * Host work (input, parsing, printing) alternates with loops over the grid.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 96
#define COLUMNS 128
#define CELLS (ROWS * COLUMNS)
#define MAX_STATIONS 64
#define SMOOTHING_PASSES 8
#define HOURS 6
#define CLASSES 8

enum sky { CLEAR, CLOUDY, RAIN, STORM };

struct station {
    char name[16];
    int row, column;
    double temperature; /* degrees Celsius */
    double pressure;    /* hectopascal */
};

struct field {
    double value[ROWS][COLUMNS];
};

static struct station stations[MAX_STATIONS];
static int station_count;

static struct field temperature, pressure, scratch;
static double wind_x[ROWS][COLUMNS], wind_y[ROWS][COLUMNS];
static unsigned char sky[ROWS][COLUMNS];
static float height[CELLS];

/* ---- input -------------------------------------------------------------------------------------------------- */

/* Parses one line `name row column temperature pressure`; returns whether it is a report. */
static int parse_report(const char *line, struct station *out) {
    while (isspace((unsigned char)*line))
        line++;
    if (*line == '\0' || *line == '#')
        return 0;
    int fields = sscanf(line, "%15s %d %d %lf %lf", out->name, &out->row, &out->column, &out->temperature, &out->pressure);
    if (fields != 5)
        return 0;
    return out->row >= 0 && out->row < ROWS && out->column >= 0 && out->column < COLUMNS;
}

static void read_stations(FILE *in) {
    char line[256];
    while (station_count < MAX_STATIONS && fgets(line, sizeof line, in)) {
        struct station report;
        if (parse_report(line, &report))
            stations[station_count++] = report;
    }
}

/* Without reports: a fixed set of plausible ones. */
static void invent_stations(void) {
    unsigned seed = 12345u;
    for (int s = 0; s < 24; s++) {
        struct station *station = &stations[station_count++];
        snprintf(station->name, sizeof station->name, "st%02d", s);
        seed = seed * 1103515245u + 12345u;
        station->row = (int)(seed >> 16) % ROWS;
        seed = seed * 1103515245u + 12345u;
        station->column = (int)(seed >> 16) % COLUMNS;
        station->temperature = 5.0 + (s * 13 % 20);
        station->pressure = 1000.0 + (s * 7 % 31) - 15.0;
    }
}

/* ---- the grid ----------------------------------------------------------------------------------------------- */

/* Height of the ground above the sea, in metres: two ridges. */
static void raise_ground(void) {
    for (int i = 0; i < CELLS; i++) {
        int row = i / COLUMNS, column = i % COLUMNS;
        float a = (row - 30) * 0.08f, b = (column - 80) * 0.06f;
        height[i] = 900.0f / (1.0f + a * a) + 400.0f / (1.0f + b * b);
    }
}

/* Inverse-distance weighting of all stations at every cell. */
static void spread_reports(int count) {
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++) {
            double weights = 0.0, t = 0.0, p = 0.0;
            for (int s = 0; s < count; s++) {
                double dr = row - stations[s].row, dc = column - stations[s].column;
                double weight = 1.0 / (dr * dr + dc * dc + 1.0);
                weights += weight;
                t += weight * stations[s].temperature;
                p += weight * stations[s].pressure;
            }
            temperature.value[row][column] = t / weights;
            pressure.value[row][column] = p / weights;
        }
}

/* Air cools by 6.5 degrees for each kilometre of height. */
static void correct_for_height(double field[ROWS][COLUMNS]) {
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            field[row][column] -= 0.0065 * height[row * COLUMNS + column];
}

/* Replaces every inner cell by the mean of its cross, several times. */
static void smooth(double field[ROWS][COLUMNS], double other[ROWS][COLUMNS], int passes) {
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            other[row][column] = field[row][column];
    for (int pass = 0; pass < passes; pass++) {
        for (int row = 1; row < ROWS - 1; row++)
            for (int column = 1; column < COLUMNS - 1; column++)
                other[row][column] = 0.2 * (field[row][column] + field[row - 1][column] + field[row + 1][column]
                                            + field[row][column - 1] + field[row][column + 1]);
        for (int row = 1; row < ROWS - 1; row++)
            for (int column = 1; column < COLUMNS - 1; column++)
                field[row][column] = other[row][column];
    }
}

/* Wind follows the lines of equal pressure, stronger where they are dense. */
static void blow(void) {
    for (int row = 1; row < ROWS - 1; row++)
        for (int column = 1; column < COLUMNS - 1; column++) {
            double east = pressure.value[row][column + 1] - pressure.value[row][column - 1];
            double north = pressure.value[row - 1][column] - pressure.value[row + 1][column];
            wind_x[row][column] = -0.4 * north;
            wind_y[row][column] = -0.4 * east;
        }
}

/* One hour: upwind drift of the temperature. Reads `from`, writes `to`. */
static void drift(const double from[ROWS][COLUMNS], double to[ROWS][COLUMNS]) {
    for (int row = 1; row < ROWS - 1; row++)
        for (int column = 1; column < COLUMNS - 1; column++) {
            double u = wind_x[row][column], v = wind_y[row][column];
            double here = from[row][column];
            double dx = u > 0.0 ? here - from[row][column - 1] : from[row][column + 1] - here;
            double dy = v > 0.0 ? here - from[row - 1][column] : from[row + 1][column] - here;
            to[row][column] = here - 0.1 * (u * dx + v * dy);
        }
}

/* What the sky looks like, from pressure and wind. */
static void classify(void) {
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++) {
            double speed = sqrt(wind_x[row][column] * wind_x[row][column] + wind_y[row][column] * wind_y[row][column]);
            double p = pressure.value[row][column];
            unsigned char kind = CLEAR;
            if (p < 1000.5)
                kind = speed > 0.08 ? STORM : RAIN;
            else if (p < 1002.0)
                kind = CLOUDY;
            sky[row][column] = kind;
        }
}

/* ---- statistics --------------------------------------------------------------------------------------------- */

struct summary {
    double low, high, mean;
};

static struct summary summarise(const double field[ROWS][COLUMNS]) {
    struct summary out;
    double low = field[0][0], high = field[0][0], sum = 0.0;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++) {
            double value = field[row][column];
            if (value < low)
                low = value;
            if (value > high)
                high = value;
            sum += value;
        }
    out.low = low;
    out.high = high;
    out.mean = sum / CELLS;
    return out;
}

static void count_classes(const double field[ROWS][COLUMNS], struct summary range, int counts[CLASSES]) {
    memset(counts, 0, CLASSES * sizeof counts[0]);
    double width = (range.high - range.low) / CLASSES + 1e-9;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            counts[(int)((field[row][column] - range.low) / width)]++;
}

static long count_sky(int kind) {
    long count = 0;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            count += sky[row][column] == kind;
    return count;
}

/* ---- output ------------------------------------------------------------------------------------------------- */

static void print_summary(const char *what, struct summary s) {
    printf("%-12s low %8.3f  high %8.3f  mean %8.3f\n", what, s.low, s.high, s.mean);
}

static void print_classes(const int counts[CLASSES]) {
    for (int c = 0; c < CLASSES; c++) {
        printf("class %d %6d ", c, counts[c]);
        for (int bar = 0; bar < counts[c] / 128; bar++)
            putchar('*');
        putchar('\n');
    }
}

static void print_map(void) {
    static const char letters[] = {'.', 'o', '/', '#'};
    for (int row = 4; row < ROWS; row += 8) {
        for (int column = 2; column < COLUMNS; column += 4)
            putchar(letters[sky[row][column]]);
        putchar('\n');
    }
}

static void print_profile(const double field[ROWS][COLUMNS], int row) {
    printf("row %d:", row);
    for (int column = 0; column < COLUMNS; column += 16)
        printf(" %7.3f", field[row][column]);
    printf("\n");
}

/* ---- the desk ----------------------------------------------------------------------------------------------- */

int main(int argc, char **argv) {
    int hours = argc > 1 ? atoi(argv[1]) : HOURS;
    if (hours < 0 || hours > 240) {
        fprintf(stderr, "usage: weather [hours] < reports\n");
        return EXIT_FAILURE;
    }
    read_stations(stdin);
    if (station_count == 0)
        invent_stations();
    printf("%d stations, first %s, last %s\n", station_count, stations[0].name, stations[station_count - 1].name);

    raise_ground();
    spread_reports(station_count);
    correct_for_height(temperature.value);
    print_summary("temperature", summarise(temperature.value));
    print_summary("pressure", summarise(pressure.value));

    smooth(pressure.value, scratch.value, SMOOTHING_PASSES);
    blow();
    classify();
    print_map();
    for (int kind = CLEAR; kind <= STORM; kind++)
        printf("sky %d: %ld cells\n", kind, count_sky(kind));

    memcpy(scratch.value, temperature.value, sizeof scratch.value);
    for (int hour = 0; hour < hours; hour++) {
        if (hour % 2 == 0)
            drift(temperature.value, scratch.value);
        else
            drift(scratch.value, temperature.value);
        printf("hour %d ", hour + 1);
        print_profile(hour % 2 == 0 ? scratch.value : temperature.value, 48);
    }

    struct summary end = summarise(temperature.value);
    int counts[CLASSES];
    print_summary("after drift", end);
    count_classes(temperature.value, end, counts);
    print_classes(counts);
    return EXIT_SUCCESS;
}
