// Ends the program as an assertion of it does that failed in a kernel.
inline void assertion_failed(const char *condition, const char *file, unsigned line, const char *function) {
    fprintf(stderr, "%s: %s:%u: %s: Assertion `%s' failed.\n", program_invocation_short_name, file, line, function, condition);
    abort();
}
