struct Watched { char *first, *last; Watched *outer; };
thread_local Watched *watched = nullptr;  // what the host may read at any time
