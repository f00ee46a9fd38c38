int ) ( ] [ } {
for (i = 0; i < n; i++) a[i] = 1;
while
void f( { for (int i = 0; i < ; i++) }
@ $ ` \ #
