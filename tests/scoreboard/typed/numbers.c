#include <stdio.h>
#include <stdlib.h>

int is_prime(int n) {
    if (n < 2) return 0;
    for (int d = 2; d * d <= n; d++)
        if (n % d == 0) return 0;
    return 1;
}

int collatz(long n) {
    int steps = 0;
    while (n != 1) {
        if (n % 2 == 0) n /= 2;
        else n = 3 * n + 1;
        steps++;
    }
    return steps;
}

int gcd(int a, int b) {
    while (b != 0) {
        int t = b;
        b = a % b;
        a = t;
    }
    return a;
}

int main(void) {
    int limit = 300000, primes = 0;
    for (int i = 0; i < limit; i++)
        if (is_prime(i)) primes++;
    printf("primes %d\n", primes);

    int best = 0, best_n = 1;
    for (int i = 1; i < limit; i++) {
        int s = collatz(i);
        if (s > best) {
            best = s;
            best_n = i;
        }
    }
    printf("collatz %d with %d steps\n", best_n, best);

    int coprime = 0;
    for (int a = 1; a <= 1000; a++)
        for (int b = 1; b <= 1000; b++)
            if (gcd(a, b) == 1) coprime++;
    printf("coprime %d\n", coprime);

    long perfect = 0;
    for (int n = 2; n < 10000; n++) {
        int sum = 1;
        for (int d = 2; d <= n / 2; d++)
            if (n % d == 0) sum += d;
        if (sum == n) perfect += n;
    }
    printf("perfect %ld\n", perfect);
    return 0;
}
