#include <stdio.h>
#define N 40
#define M 24

double u[N][M], v[N][M];

int main(void) {
	for (int i = 0; i < N; i++)
		for (int j = 0; j < M; j++) u[i][j] = (i * 31 + j * 17) % 97;
	/* four neighbours */
	for (int i = 1; i < N - 1; i++)
		for (int j = 1; j < M - 1; j++)
			v[i][j] = 0.25 * (u[i-1][j] + u[i+1][j] + u[i][j-1] + u[i][j+1]);
	for (int i = 0; i < N; i++)
		for (int j = 0; j < M; j += 5) printf("%g\n", v[i][j]);
	return 0;
}
