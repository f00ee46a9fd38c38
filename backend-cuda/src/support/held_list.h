@!PAGES@// The device's copies of host memory that outlive a region while a `Residence` lasts.
@PAGES@// The device's copies of host memory that outlive a region.
struct Held;
using Table = std::map<char *, Held *>;  // by where they begin
thread_local Table *held = nullptr;  // all that are listed, if any; no two share a byte
thread_local int residences = 0;
@LENT@thread_local bool any_lent = false;  // whether the host may have changed what some of them hold
@PAGES@thread_local long long uses = 0;
@CALLED@@STAYS@thread_local bool loop_is_apart = false;  // whether the loop that comes next has to work as if there were no device
@KNOWN@@!PAGES@thread_local long long stamps = 0;
@KNOWN@@PAGES@std::atomic<long long> stamps{0};
@WATCH@struct Watched { char *first, *last; Watched *outer; };
@WATCH@thread_local Watched *watched = nullptr;  // what the host may read at any time
