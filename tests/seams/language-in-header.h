#if !defined(__STDC_VERSION__) || __STDC_VERSION__ - 0 < 199901L
#define IS_OLD
#endif
