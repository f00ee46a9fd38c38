/* What chooses between two null pointers is a pointer in C and may be a number in C++. */
#include <stdio.h>

static int failures;
static int failed(const char *why) { failures += why[0] != 0; return 0; }
#define FAILED_TEXT(why) ((char *)(size_t)(failed(why) ? NULL : NULL))
#define OPTION(s, otherwise) option((s), (otherwise))

static const char *option(const char *s, const char *otherwise) { return s ? s : otherwise; }

int main(void) {
    char *p = FAILED_TEXT("no memory");
    printf("%d %d %d\n", p == NULL, failures, OPTION(NULL, NULL) == NULL);
    return 0;
}
