/* With MUPAC_TEST_DIGITS=all, floating-point numbers are printed with all their digits, whatever the program asks for: two digits
   after the point do not tell how near two results are.
   Source: GNU C Library manual, "Customizing printf"; strfromd(3). */
#include <printf.h>

static int print_all_digits(FILE *stream, const struct printf_info *info, const void *const *arguments) {
    char text[64];
    if (info->is_long_double) strfroml(text, sizeof text, "%.20e", **(const long double *const *)arguments);
    else strfromd(text, sizeof text, "%.16e", **(const double *const *)arguments);
    return fprintf(stream, " %s ", text); /* the width that was asked for is too small */
}

static int takes_a_number(const struct printf_info *info, size_t most, int *types, int *sizes) {
    (void)sizes;
    if (most > 0) types[0] = info->is_long_double ? PA_DOUBLE | PA_FLAG_LONG_DOUBLE : PA_DOUBLE;
    return 1;
}

static void choose_digits(void) {
    const char *asked = library.getenv_("MUPAC_TEST_DIGITS");
    if (!asked || strcmp(asked, "all")) return;
    for (const char *each = "fFeEgG"; *each; each++) register_printf_specifier(*each, print_all_digits, takes_a_number);
}
