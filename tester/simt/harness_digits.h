/* With MUPAC_TEST_DIGITS=all, floating-point numbers go to files and the terminal with all their digits, whatever the program
   asks for: two digits after the point do not tell how near two results are. What a program writes to memory stays as it is,
   since it may compare or read it. A program that defines one of these functions keeps its own.
   Source: GNU C Library manual, "Customizing printf"; strfromd(3). */
#include <printf.h>
#include <stdarg.h>

static __thread int is_for_file; /* whether what is printed goes to a file, and not to memory */

/* As the program asks for it, as far as numbers go: grouping of digits and other locales are none of C's. */
static int print_as_asked(FILE *stream, const struct printf_info *info, const char *digits) {
    const char *sign = info->showsign ? "+" : info->space ? " " : "";
    if (digits[0] == '-') sign = "-", digits++;
    int is_number = digits[0] >= '0' && digits[0] <= '9';
    int blanks = info->width - (int)(strlen(sign) + strlen(digits)), zeros = 0;
    if (blanks < 0) blanks = 0;
    if (!info->left && info->pad == '0' && is_number) zeros = blanks, blanks = 0;
    int before = info->left ? 0 : blanks, behind = info->left ? blanks : 0, count = 0;
    for (; before > 0; before--) count += fputc(' ', stream) != EOF;
    for (const char *each = sign; *each; each++) count += fputc(*each, stream) != EOF;
    for (; zeros > 0; zeros--) count += fputc('0', stream) != EOF;
    for (const char *each = digits; *each; each++) count += fputc(*each, stream) != EOF;
    for (; behind > 0; behind--) count += fputc(' ', stream) != EOF;
    return count;
}

static int print_digits(FILE *stream, const struct printf_info *info, const void *const *arguments) {
    char format[32], digits[512], *text = digits;
    if (is_for_file) snprintf(format, sizeof format, "%%.%de", info->is_long_double ? 20 : 16);
    else if (info->prec < 0) snprintf(format, sizeof format, "%%%c", (char)info->spec);
    else snprintf(format, sizeof format, "%%.%d%c", info->prec, (char)info->spec);
    for (int most = sizeof digits;;) {
        int length = info->is_long_double ? strfroml(text, (size_t)most, format, **(const long double *const *)arguments)
                                          : strfromd(text, (size_t)most, format, **(const double *const *)arguments);
        if (length < most) break;
        most = length + 1;
        if (!(text = (char *)malloc((size_t)most))) return -1;
    }
    int count = is_for_file ? fprintf(stream, " %s ", text) /* any width is dropped, and blanks keep numbers apart */
                            : print_as_asked(stream, info, text);
    if (text != digits) free(text);
    return count;
}

static int takes_a_number(const struct printf_info *info, size_t most, int *types, int *sizes) {
    (void)sizes;
    if (most > 0) types[0] = info->is_long_double ? PA_DOUBLE | PA_FLAG_LONG_DOUBLE : PA_DOUBLE;
    return 1;
}

__attribute__((weak)) int vfprintf(FILE *stream, const char *format, va_list arguments) {
    is_for_file++;
    int count = library.vfprintf_(stream, format, arguments);
    is_for_file--;
    return count;
}
__attribute__((weak)) int vprintf(const char *format, va_list arguments) { return vfprintf(stdout, format, arguments); }
__attribute__((weak)) int fprintf(FILE *stream, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = vfprintf(stream, format, arguments);
    va_end(arguments);
    return count;
}
__attribute__((weak)) int printf(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = vfprintf(stdout, format, arguments);
    va_end(arguments);
    return count;
}

static void choose_digits(void) {
    const char *asked = library.getenv_("MUPAC_TEST_DIGITS");
    if (!asked || strcmp(asked, "all")) return;
    for (const char *each = "aAeEfFgG"; *each; each++) register_printf_specifier(*each, print_digits, takes_a_number);
}
