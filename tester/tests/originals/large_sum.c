unsigned x[131072], total;

void add(void)
{
    for (int i = 0; i < 131072; i++)
        total += x[i];
}
