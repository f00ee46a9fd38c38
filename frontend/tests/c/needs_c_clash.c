// What clang takes as C++ and g++ does not, and names that nvcc declares itself.
struct s { int a, b; int d[3]; };
struct s x = { .b = 1, .a = 2 };
int numbers[5] = { [2] = 1 };
struct s z = { .d[1] = 2 };
double y0 = 1;
char three[3] = "abc";
