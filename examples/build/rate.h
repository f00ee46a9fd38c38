#define RATE 0.25
