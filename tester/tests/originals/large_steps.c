int y[131072];

void steps(void)
{
    for (int i = 0; i < 131072; i++)
        y[i] = i * 40000;
}
