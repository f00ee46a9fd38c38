;;;
int f(int n) { ;;; { {} ; } if (n) ; else ; while (0) ; do ; while (0); for (;n--;) ; return 0; } ;
