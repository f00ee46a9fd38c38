// What clang takes as C++ and g++ does not, and names that nvcc declares itself.
struct s { int a, b; int d[3]; };
struct s x = { .b = 1, .a = 2 };
int numbers[5] = { [2] = 1 };
struct s z = { .d[1] = 2 };
double y0 = 1;
typedef struct { float x, y, z; } float3;
static int max(int a, int b) { return a > b ? a : b; }
int maximum(int max, int float4) { return max > float4 ? max : float4; }
char three[3] = "abc";
