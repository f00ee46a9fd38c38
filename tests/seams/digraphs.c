/* Digraphs; alternative tokens as names. */
%:include <stdio.h>

int main(void) <%
    int a<:3:> = <% 1, 2, 3 %>;
    printf("%d %d\n", a<:1:>, (int)sizeof a);
%>
