// Copies rest between regions, and belong to one thread at a time; another that comes meanwhile copies for itself.
Table *resting = nullptr;
std::atomic_flag is_taken = ATOMIC_FLAG_INIT;
thread_local bool has_table = false;
inline void take_table() {
    if (has_table || held || is_taken.test_and_set()) return;
    if (tracker.process != system_call(SYS_getpid)) resting = nullptr, tracker.open();  // a parent's copies are not its child's
    held = resting, has_table = true;
}
inline void leave_table() {
    if (has_table) resting = held, held = nullptr, has_table = false, is_taken.clear();
}
