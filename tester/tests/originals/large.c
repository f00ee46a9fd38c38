float x[131072], y[131072];

void large(void)
{
    for (int i = 0; i < 131072; i++)
        y[i] = 2 * x[i];
}
